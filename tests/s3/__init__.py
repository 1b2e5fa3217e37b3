"""The evidence store on a real S3 server: ``make test-s3``, apart from the everyday tests."""

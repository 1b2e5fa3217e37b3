"""What does a real browser make of the page of the interface?"""

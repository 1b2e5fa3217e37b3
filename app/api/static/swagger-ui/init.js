// How does the page of the interface open? With the contract of this server and nothing from outside.
"use strict";

// Swagger UI stores the whole sign-in form beside the token when it remembers a sign-in. A password
// has no business in a browser's storage, so it is taken out before anything is remembered.
const withoutPassword = () => ({
  statePlugins: {
    auth: {
      wrapActions: {
        authorizeOauth2: (remember) => ({ auth, token }) => {
          const { password, clientSecret, ...rest } = auth;
          return remember({ auth: rest, token });
        },
      },
    },
  },
});

const root = document.getElementById("swagger-ui");

SwaggerUIBundle({
  domNode: root,
  url: new URL(root.dataset.contract, document.baseURI).href,
  oauth2RedirectUrl: new URL(root.dataset.redirect, document.baseURI).href,
  layout: "BaseLayout",
  plugins: [withoutPassword],
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  displayRequestDuration: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null, // the default asks a public server to judge the contract
});

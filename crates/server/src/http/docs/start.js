// Shows the description of the API. `validatorUrl` is off: it would send the address of this server to strangers.
window.ui = SwaggerUIBundle({
  dom_id: "#api",
  url: "/api/openapi.json",
  validatorUrl: null,
  deepLinking: true,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
});

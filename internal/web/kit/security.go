package kit

// ContentSecurityPolicy is what every HTML answer sends. The pieces keep to it:
// nothing inline, nothing from elsewhere, nothing framed.
const ContentSecurityPolicy = "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; img-src 'self'; manifest-src 'self'; media-src 'self'; " +
	"object-src 'none'; script-src 'self'; style-src 'self'"

// htmxConfig keeps htmx inside that policy and loads only the extension we ship.
const htmxConfig = `{"includeIndicatorCSS":false,"extensions":"sse","history":false}`

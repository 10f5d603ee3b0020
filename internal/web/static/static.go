// Package static owns what a browser loads besides HTML: the style sheet, the
// script, the fonts and the mark. `npm run build` in the parent folder makes
// them under dist/ with the hash of their content in their names; the program
// embeds the folder, so that one binary is the whole marketplace.
//
// Flow: a page asks Asset("app.css") for the address and writes it into its
// head; the browser fetches it once from Handler and keeps it for ever, because
// another content would have another address. A tree that was never built still
// compiles: Built reports false and pages come without styles.
//
// Neighbours: kit (asks for addresses), web (mounts Handler under Prefix).
package static

import (
	"embed"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
)

// Prefix is where Handler must be mounted: mux.Handle("GET "+static.Prefix, static.Handler()).
const Prefix = "/static/"

//go:embed all:dist
var embedded embed.FS

// dist is the built folder itself.
var dist = sync.OnceValue(func() fs.FS {
	sub, err := fs.Sub(embedded, "dist")
	if err != nil {
		panic("static: the embedded folder is named dist: " + err.Error())
	}
	return sub
})

// manifest maps plain names to names with a hash. It is empty before a build.
var manifest = sync.OnceValue(func() map[string]string {
	names := map[string]string{}
	raw, err := fs.ReadFile(dist(), "manifest.json")
	if err != nil {
		return names
	}
	if err := json.Unmarshal(raw, &names); err != nil {
		panic("static: manifest.json: " + err.Error())
	}
	return names
})

// Built reports whether `npm run build` ran before this program was compiled.
func Built() bool { return len(manifest()) > 0 }

// Asset returns the address of a built file, as "/static/app-1A2B3C4D.css" for
// "app.css". An unknown name is returned under Prefix as it is.
func Asset(name string) string {
	if hashed, ok := manifest()[name]; ok {
		return Prefix + hashed
	}
	return Prefix + name
}

// Handler serves the built files under Prefix: hashed ones for a year and
// immutable, others to be asked for again each time.
func Handler() http.Handler {
	hashed := map[string]bool{}
	for _, name := range manifest() {
		hashed[name] = true
	}
	return http.StripPrefix(Prefix, &server{files: dist(), hashed: hashed})
}

type server struct {
	files  fs.FS
	hashed map[string]bool
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := r.URL.Path
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if !fs.ValidPath(name) || strings.HasPrefix(path.Base(name), ".") || path.Ext(name) == ".gz" {
		http.NotFound(w, r)
		return
	}
	info, err := fs.Stat(s.files, name)
	if err != nil || info.IsDir() {
		http.NotFound(w, r)
		return
	}
	s.head(w.Header(), name)
	serve := name
	if s.compressed(name) {
		w.Header().Add("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Get("Accept-Encoding")) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Header().Set("ETag", `"`+name+`-gz"`)
			serve = name + ".gz"
		}
	}
	http.ServeFileFS(w, r, s.files, serve)
}

// head sets what is true of a file whichever way it is encoded.
func (s *server) head(h http.Header, name string) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Type", contentType(name))
	if s.hashed[name] {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
		h.Set("ETag", `"`+name+`"`)
		return
	}
	h.Set("Cache-Control", "no-cache")
}

func (s *server) compressed(name string) bool {
	_, err := fs.Stat(s.files, name+".gz")
	return err == nil
}

// acceptsGzip reads the header's list; "gzip;q=0" is a refusal.
func acceptsGzip(header string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(coding), "gzip") {
			q := strings.ReplaceAll(params, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

// contentType does not trust the machine's own table for what we ship.
func contentType(name string) string {
	switch ext := path.Ext(name); ext {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".txt":
		return "text/plain; charset=utf-8"
	default:
		if t := mime.TypeByExtension(ext); t != "" {
			return t
		}
		return "application/octet-stream"
	}
}

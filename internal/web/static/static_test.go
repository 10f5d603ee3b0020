package static

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

func fixture() http.Handler {
	files := fstest.MapFS{
		"app-AAAA1111.css":    {Data: []byte("body{}")},
		"app-AAAA1111.css.gz": {Data: []byte("squeezed")},
		"LICENSES.txt":        {Data: []byte("licences")},
		".keep":               {},
	}
	hashed := map[string]bool{"app-AAAA1111.css": true}
	return http.StripPrefix(Prefix, &server{files: files, hashed: hashed})
}

func TestHandler(t *testing.T) {
	tests := []struct {
		name, method, path, accept string
		status                     int
		head                       map[string]string
	}{
		{"hashed", "GET", "/static/app-AAAA1111.css", "", 200, map[string]string{
			"Cache-Control":          "public, max-age=31536000, immutable",
			"Content-Type":           "text/css; charset=utf-8",
			"X-Content-Type-Options": "nosniff",
			"Etag":                   `"app-AAAA1111.css"`,
			"Vary":                   "Accept-Encoding",
			"Content-Encoding":       "",
		}},
		{"gzip", "GET", "/static/app-AAAA1111.css", "br, gzip;q=0.8", 200, map[string]string{
			"Content-Encoding": "gzip",
			"Content-Type":     "text/css; charset=utf-8",
			"Etag":             `"app-AAAA1111.css-gz"`,
		}},
		{"gzip refused", "GET", "/static/app-AAAA1111.css", "gzip;q=0", 200, map[string]string{"Content-Encoding": ""}},
		{"plain name", "GET", "/static/LICENSES.txt", "", 200, map[string]string{"Cache-Control": "no-cache"}},
		{"hidden", "GET", "/static/.keep", "", 404, nil},
		{"raw gz", "GET", "/static/app-AAAA1111.css.gz", "", 404, nil},
		{"missing", "GET", "/static/none.css", "", 404, nil},
		{"folder", "GET", "/static/", "", 404, nil},
		{"climb", "GET", "/static/../static.go", "", 404, nil},
		{"post", "POST", "/static/app-AAAA1111.css", "", 405, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(tt.method, tt.path, nil)
			r.Header.Set("Accept-Encoding", tt.accept)
			w := httptest.NewRecorder()
			fixture().ServeHTTP(w, r)
			if w.Code != tt.status {
				t.Fatalf("status %d, want %d", w.Code, tt.status)
			}
			for k, want := range tt.head {
				if got := w.Header().Get(k); got != want {
					t.Errorf("%s: %q, want %q", k, got, want)
				}
			}
		})
	}
}

func TestHandlerNotModified(t *testing.T) {
	r := httptest.NewRequest("GET", "/static/app-AAAA1111.css", nil)
	r.Header.Set("If-None-Match", `"app-AAAA1111.css"`)
	w := httptest.NewRecorder()
	fixture().ServeHTTP(w, r)
	if w.Code != http.StatusNotModified {
		t.Fatalf("status %d, want 304", w.Code)
	}
}

func TestAssetsOfABuildExist(t *testing.T) {
	if !Built() {
		t.Skip("npm run build has not run")
	}
	for _, name := range []string{"app.css", "app.js", "mark.svg"} {
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, httptest.NewRequest("GET", Asset(name), nil))
		if w.Code != 200 || w.Body.Len() == 0 {
			t.Errorf("%s at %s: status %d, %d bytes", name, Asset(name), w.Code, w.Body.Len())
		}
	}
}

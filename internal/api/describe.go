package api

import (
	"encoding/json"
	"net/http"
)

// describe makes the description of everything that was registered, once.
func (a *API) describe() {
	spec, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		panic("api: the description cannot be written: " + err.Error()) // a type that was registered is at fault
	}
	a.mux.HandleFunc("GET /api/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(spec) // the reader may be gone
	})
}

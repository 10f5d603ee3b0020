package api

import (
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"guildhall/internal/fault"
	"guildhall/internal/front"
	"guildhall/internal/ident"
	"guildhall/internal/market"
	"guildhall/internal/member"
)

type uploadIn struct {
	RawBody multipart.Form
}

type fileIn struct {
	ID   ident.File `path:"id" pattern:"^file_[0-9a-z]{26}$"`
	Size string     `query:"size" enum:"card,gig,avatar" doc:"Of a picture: the size to read. Absent: the file as it is kept."`
}

type caseFileIn struct {
	CaseAt
	File ident.File `path:"file" pattern:"^file_[0-9a-z]{26}$"`
}

// bytesOf is a response that writes itself.
type bytesOf struct {
	Body func(huma.Context)
}

func (a *API) files() {
	serve(a, route{
		method: http.MethodPost, path: "/files", id: "upload-file", tag: "Files", who: signedIn, status: http.StatusCreated,
		scopes: []member.Scope{member.ScopeBuy, member.ScopeSell, member.ScopeManage}, body: uploadBody,
		does:  "Upload a file",
		about: "It belongs to nothing, and nobody else may read it, until it is used. Of a picture only safe JPEGs are kept.",
	}, a.upload)
	serve(a, route{
		method: http.MethodGet, path: "/files/{id}", id: "get-file", tag: "Files", who: anyone,
		does: "The bytes of a file that you may read", answers: map[string]*huma.Response{
			"200": bytesSent("application/octet-stream", "image/jpeg"), "304": notChanged,
		},
	}, a.download)
	serve(a, route{
		method: http.MethodGet, path: "/desk/{id}/files/{file}", id: "get-case-file", tag: "Desk", who: atDesk, scopes: managing,
		does:    "The bytes of a file said in a case, or of its order or conversation; this look is written down for its people to see",
		answers: map[string]*huma.Response{"200": bytesSent("application/octet-stream"), "304": notChanged},
	}, a.downloadOfCase)
}

var notChanged = &huma.Response{Description: "The bytes are those whose ETag you sent as If-None-Match"}

func bytesSent(kinds ...string) *huma.Response {
	sent := &huma.Response{Description: "The bytes", Content: map[string]*huma.MediaType{}}
	for _, kind := range kinds {
		sent.Content[kind] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	return sent
}

var uploadBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
	"multipart/form-data": {Schema: &huma.Schema{
		Type: "object", Required: []string{"purpose", "file"}, Properties: map[string]*huma.Schema{
			"purpose": {Type: "string", Enum: []any{"gig_picture", "avatar", "order", "message"}},
			"file":    {Type: "string", Format: "binary"},
		},
	}},
}}

func (a *API) upload(ctx context.Context, in *uploadIn) (*answer[File], error) {
	form := in.RawBody
	bad := fault.Fields{}
	purpose := market.Purpose("")
	if v := form.Value["purpose"]; len(v) == 1 {
		purpose = market.Purpose(v[0])
	}
	known := purpose == market.ForGig || purpose == market.ForAvatar || purpose == market.ForOrder || purpose == market.ForMessage
	bad.Need(known, "purpose", "One of gig_picture, avatar, order, message.")
	bad.Need(len(form.File["file"]) == 1, "file", "Send one file.")
	if err := bad.Err(); err != nil {
		return nil, err
	}
	part := form.File["file"][0]
	src, err := part.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = src.Close() }() // only read from
	f, err := a.Market.KeepUpload(ctx, actor(ctx), market.Upload{Purpose: purpose, Name: part.Filename, Began: front.In(ctx).Arrived}, src)
	return ok(fileOf(f), err)
}

func (a *API) download(ctx context.Context, in *fileIn) (*bytesOf, error) {
	if in.Size != "" {
		size, src, err := a.Market.OpenPicture(ctx, actor(ctx), in.ID, in.Size)
		if err != nil {
			return nil, err
		}
		return &bytesOf{send(src, "image/jpeg", in.Size+".jpg", size.SHA256)}, nil
	}
	f, src, err := a.Market.OpenFile(ctx, actor(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	kind := "application/octet-stream" // what somebody else made is never run
	if f.Purpose != market.ForOrder && f.Purpose != market.ForMessage {
		kind = "image/jpeg"
	}
	return &bytesOf{send(src, kind, f.Name, f.SHA256)}, nil
}

func (a *API) downloadOfCase(ctx context.Context, in *caseFileIn) (*bytesOf, error) {
	f, src, err := a.Market.OpenCaseFile(ctx, actor(ctx), in.ID, in.File)
	if err != nil {
		return nil, err
	}
	return &bytesOf{send(src, "application/octet-stream", f.Name, f.SHA256)}, nil
}

// send answers with the bytes of a file, or that they have not changed.
func send(src io.ReadCloser, kind, name, hash string) func(huma.Context) {
	return func(ctx huma.Context) {
		defer func() { _ = src.Close() }() // only read from
		tag := `"` + hash + `"`
		ctx.SetHeader("ETag", tag)
		if ctx.Header("If-None-Match") == tag {
			ctx.SetStatus(http.StatusNotModified)
			return
		}
		ctx.SetHeader("Content-Type", kind)
		ctx.SetHeader("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
		ctx.SetHeader("Content-Security-Policy", "default-src 'none'; sandbox")
		ctx.SetStatus(http.StatusOK)
		_, _ = io.Copy(ctx.BodyWriter(), src) // the reader may be gone
	}
}

// Package picture makes uploaded pictures safe and small.
//
// It owns the guard against picture bombs, the reading of the usual formats,
// the turning upright of phone photos and the sizes that pages show. What
// comes out is always a fresh JPEG: nothing of the uploaded file but its
// pixels is kept, no place, no camera, no hidden script.
//
// It is pure: bytes in, bytes out. Market calls it and keeps what it makes.
package picture

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"

	// The formats that people upload.
	_ "image/gif"
	_ "image/png"

	_ "golang.org/x/image/webp"

	"guildhall/internal/fault"
)

// Bounds before a single pixel is decoded.
const (
	maxSide   = 10_000
	maxPixels = 24_000_000
	quality   = 82
)

// Size is one size to make. A square one is cut from the middle; any other is
// fitted into the width and keeps its proportions. Nothing is made larger.
type Size struct {
	Label  string
	Width  int
	Square bool
}

// Made is a picture in one size.
type Made struct {
	Label         string
	Width, Height int
	JPEG          []byte
}

// Make reads a picture and makes it in each size. Errors: fault.Invalid beside
// "file", in words for whoever uploaded it.
func Make(upload []byte, sizes ...Size) ([]Made, error) {
	config, _, err := image.DecodeConfig(bytes.NewReader(upload))
	if err != nil {
		return nil, fault.Invalid("file", "This is no picture that can be read here. Use JPEG, PNG, WebP or GIF.")
	}
	if config.Width < 1 || config.Height < 1 || config.Width > maxSide || config.Height > maxSide || config.Width*config.Height > maxPixels {
		return nil, fault.Invalid("file", fmt.Sprintf("This picture is too large: at most %d million pixels, and %d on a side.", maxPixels/1_000_000, maxSide))
	}
	source, _, err := image.Decode(bytes.NewReader(upload))
	if err != nil {
		return nil, fault.Invalid("file", "This picture is damaged. Save it again and upload the new file.")
	}
	turn := orientation(upload)
	made := make([]Made, len(sizes))
	for i, size := range sizes {
		pixels := upright(scale(source, size, turn >= 5), turn)
		var out bytes.Buffer
		if err := jpeg.Encode(&out, pixels, &jpeg.Options{Quality: quality}); err != nil {
			return nil, fmt.Errorf("picture: %w", err)
		}
		bounds := pixels.Bounds()
		made[i] = Made{size.Label, bounds.Dx(), bounds.Dy(), out.Bytes()}
	}
	return made, nil
}

// scale cuts and shrinks onto white. A picture that lies on its side has its
// width in its height until it is turned.
func scale(source image.Image, size Size, lying bool) *image.RGBA {
	from := source.Bounds()
	if size.Square {
		side := min(from.Dx(), from.Dy())
		x, y := from.Min.X+(from.Dx()-side)/2, from.Min.Y+(from.Dy()-side)/2
		from = image.Rect(x, y, x+side, y+side)
	}
	across := from.Dx()
	if lying {
		across = from.Dy()
	}
	width, height := from.Dx(), from.Dy()
	if across > size.Width {
		width, height = max(1, width*size.Width/across), max(1, height*size.Width/across)
	}
	return shrink(source, from, width, height)
}

// upright undoes the camera's orientation, 1 to 8 as EXIF counts them.
func upright(p *image.RGBA, turn int) *image.RGBA {
	if turn < 2 || turn > 8 {
		return p
	}
	w, h := p.Bounds().Dx(), p.Bounds().Dy()
	bounds := image.Rect(0, 0, w, h)
	if turn >= 5 {
		bounds = image.Rect(0, 0, h, w)
	}
	out := image.NewRGBA(bounds)
	for y := range h {
		for x := range w {
			var tx, ty int
			switch turn {
			case 2:
				tx, ty = w-1-x, y
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				tx, ty = x, h-1-y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			out.SetRGBA(tx, ty, p.RGBAAt(x, y))
		}
	}
	return out
}

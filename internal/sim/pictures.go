package sim

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
)

// palettes are a ground and three tones on it.
var palettes = [][4]color.RGBA{
	{rgb(0xf3ead7), rgb(0x2f4b7c), rgb(0xc8553d), rgb(0xe0b04c)},
	{rgb(0xe6ecec), rgb(0x28536b), rgb(0x7ea8be), rgb(0xbb9457)},
	{rgb(0x22303c), rgb(0xd9a441), rgb(0x5b8e7d), rgb(0xf4ede4)},
	{rgb(0xf7f3ee), rgb(0x5f0f40), rgb(0x9a8c98), rgb(0xe36414)},
	{rgb(0xdfe7dc), rgb(0x354f52), rgb(0x84a98c), rgb(0xd68c45)},
	{rgb(0xfaf3dd), rgb(0x4a4e69), rgb(0xc9ada7), rgb(0x22223b)},
}

func rgb(v uint32) color.RGBA {
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff} // three bytes
}

// drawCover paints a quiet abstract: a few large discs and bands on one ground.
func drawCover(r *rand.Rand) []byte {
	img, tones := canvas(r, 400, 250)
	horizon := 90 + r.IntN(100)
	for y := horizon; y < 250; y++ {
		row(img, y, 0, 400, tones[1])
	}
	for i := range 2 + r.IntN(3) {
		disc(img, 40+r.IntN(320), 30+r.IntN(190), 20+r.IntN(60), tones[1+i%3])
	}
	for y := range 6 {
		row(img, horizon+20+y+r.IntN(2), 0, 400, tones[2])
	}
	return encode(img)
}

// drawFace paints a head and shoulders in three tones.
func drawFace(r *rand.Rand) []byte {
	img, tones := canvas(r, 128, 128)
	disc(img, 64, 138, 58, tones[1])
	disc(img, 64, 56, 28, tones[2])
	for y := 24; y < 40+r.IntN(12); y++ { // hair
		for x := 34; x < 94; x++ {
			if dx, dy := x-64, y-54; dx*dx+dy*dy < 31*31 {
				img.SetRGBA(x, y, tones[3])
			}
		}
	}
	return encode(img)
}

func canvas(r *rand.Rand, width, height int) (*image.RGBA, [4]color.RGBA) {
	tones := palettes[r.IntN(len(palettes))]
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		row(img, y, 0, width, tones[0])
	}
	return img, tones
}

func row(img *image.RGBA, y, from, to int, c color.RGBA) {
	for x := from; x < to; x++ {
		img.SetRGBA(x, y, c)
	}
}

func disc(img *image.RGBA, cx, cy, radius int, c color.RGBA) {
	b := img.Bounds()
	for y := max(cy-radius, 0); y < min(cy+radius, b.Max.Y); y++ {
		for x := max(cx-radius, 0); x < min(cx+radius, b.Max.X); x++ {
			if dx, dy := x-cx, y-cy; dx*dx+dy*dy < radius*radius {
				img.SetRGBA(x, y, c)
			}
		}
	}
}

func encode(img image.Image) []byte {
	var out bytes.Buffer
	if err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&out, img); err != nil {
		panic("sim: a picture in memory cannot be written: " + err.Error())
	}
	return out.Bytes()
}

package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"runtime"
	"testing"

	"pgregory.net/rapid"

	"guildhall/internal/fault"
)

// photo is w×h, its left half red and its right half blue.
func photo(w, h int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 0, 0, 255}
			if x >= w/2 {
				c = color.RGBA{0, 0, 200, 255}
			}
			p.SetRGBA(x, y, c)
		}
	}
	return p
}

func asPNG(t *testing.T, p image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, p); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// turned is a JPEG that says it must be turned, with a secret beside it.
func turned(t *testing.T, p image.Image, turn byte) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, p, nil); err != nil {
		t.Fatal(err)
	}
	exif := append([]byte("Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), turn, 0, 0, 0, 0, 0, 0)
	exif = append(exif, "SECRET PLACE"...)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append([]byte{0xff, 0xd8}, segment...), b.Bytes()[2:]...)
}

func TestSizes(t *testing.T) {
	made, err := Make(asPNG(t, photo(800, 300)), Size{Label: "card", Width: 400}, Size{Label: "gig", Width: 1000}, Size{Label: "avatar", Width: 128, Square: true})
	if err != nil {
		t.Fatal(err)
	}
	want := [][2]int{{400, 150}, {800, 300}, {128, 128}}
	for i, m := range made {
		p, format, err := image.Decode(bytes.NewReader(m.JPEG))
		if err != nil || format != "jpeg" || p.Bounds().Dx() != want[i][0] || p.Bounds().Dy() != want[i][1] || m.Width != want[i][0] {
			t.Errorf("%s: %v %s %v", m.Label, p.Bounds(), format, err)
		}
	}
}

func TestPhoneLyingOnItsSide(t *testing.T) {
	made, err := Make(turned(t, photo(200, 100), 6), Size{Width: 50})
	if err != nil {
		t.Fatal(err)
	}
	p, err := jpeg.Decode(bytes.NewReader(made[0].JPEG))
	if err != nil {
		t.Fatal(err)
	}
	// Turned a quarter to the right, what was left is on top.
	if top, _, _, _ := p.At(25, 10).RGBA(); p.Bounds().Dx() != 50 || p.Bounds().Dy() != 100 || top < 0x8000 {
		t.Errorf("came out as %v with %x on top", p.Bounds(), top)
	}
	if bytes.Contains(made[0].JPEG, []byte("SECRET")) {
		t.Error("what the camera noted was kept")
	}
}

func TestBombIsNotUnpacked(t *testing.T) {
	bomb := asPNG(t, photo(10, 10))
	binary.BigEndian.PutUint32(bomb[16:], 50_000)
	binary.BigEndian.PutUint32(bomb[20:], 50_000)
	binary.BigEndian.PutUint32(bomb[29:], crc32.ChecksumIEEE(bomb[12:29]))
	if _, err := Make(bomb, Size{Width: 10}); fault.KindOf(err) != fault.KindInvalid {
		t.Errorf("told %v", err)
	}
}

func TestJunkIsRefusedInWords(t *testing.T) {
	whole := turned(t, photo(20, 20), 3)
	rapid.Check(t, func(t *rapid.T) {
		b := bytes.Clone(whole[:rapid.IntRange(0, len(whole)).Draw(t, "cut")])
		for range rapid.IntRange(0, 5).Draw(t, "flips") {
			if len(b) > 0 {
				b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "to")
			}
		}
		if _, err := Make(b, Size{Width: 10}); err != nil && fault.KindOf(err) != fault.KindInvalid {
			t.Fatalf("an internal error: %v", err)
		}
	})
}

// TestLargeCostsLittle: a file of a few kilobytes may hold as many pixels as are
// let in. What is needed besides them does not grow with them.
func TestLargeCostsLittle(t *testing.T) {
	upload := asPNG(t, image.NewGray(image.Rect(0, 0, 2400, 10_000)))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if _, err := Make(upload, Size{Label: "gig", Width: 1000}, Size{Label: "card", Width: 400}); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	const pixels, pages = 24_000_000, 4 * (1000*4166 + 400*1666)
	if used := after.TotalAlloc - before.TotalAlloc; used > pixels+2*pages {
		t.Errorf("%d MB for a picture of %d MB", used>>20, pixels>>20)
	}
}

// TestShrinkingKeepsTheMean: every pixel counts in the small picture as much as it covers.
func TestShrinkingKeepsTheMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "h")
		p, sum := image.NewGray(image.Rect(0, 0, w, h)), 0
		for i := range p.Pix {
			p.Pix[i] = rapid.Byte().Draw(t, "grey")
			sum += int(p.Pix[i])
		}
		size := Size{Width: rapid.IntRange(1, 40).Draw(t, "to")}
		small := scale(p, size, false)
		got, n := 0, small.Bounds().Dx()*small.Bounds().Dy()
		for i := range n {
			got += int(small.Pix[4*i])
		}
		if want, is := float64(sum)/float64(w*h), float64(got)/float64(n); want-is > 0.6 || is-want > 0.6 {
			t.Fatalf("%d×%d became %v: mean %.2f, was %.2f", w, h, small.Bounds().Size(), is, want)
		}
	})
}

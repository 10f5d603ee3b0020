package picture

import (
	"image"
	"image/color"
	"image/draw"
)

// shrink puts a part of a picture onto white, in at most its own size. Each
// pixel counts as much as it covers. It is read row by row, so what is needed
// besides the picture and the result is a few rows, however large the picture.
func shrink(source image.Image, from image.Rectangle, width, height int) *image.RGBA {
	var (
		target = image.NewRGBA(image.Rect(0, 0, width, height))
		row    = image.NewRGBA(image.Rect(0, 0, from.Dx(), 1))
		across = make([]uint64, 3*width) // one row of the source, narrowed
		sum    = make([]uint64, 3*width) // of such rows, as far as they lie in the target's row
		white  = image.NewUniform(color.White)
		whole  = uint64(from.Dx()) * uint64(from.Dy())
	)
	below := 0 // the target's row that is being summed up
	for y := range from.Dy() {
		draw.Draw(row, row.Bounds(), white, image.Point{}, draw.Src)
		draw.Draw(row, row.Bounds(), source, image.Pt(from.Min.X, from.Min.Y+y), draw.Over)
		narrow(across, row.Pix, width)
		// In parts of a pixel of both, the row reaches from top to bottom.
		top, bottom, edge := y*height, (y+1)*height, (below+1)*from.Dy()
		add(sum, across, min(bottom, edge)-top)
		if bottom < edge {
			continue
		}
		put(target.Pix[below*target.Stride:], sum, whole)
		clear(sum)
		add(sum, across, bottom-edge)
		below++
	}
	return target
}

// narrow sums what of a row's pixels lies in each of fewer ones.
func narrow(into []uint64, row []byte, width int) {
	clear(into)
	n, at := len(row)/4, 0
	for x := range n {
		left, right, edge := x*width, (x+1)*width, (at+1)*n
		here := uint64(min(right, edge) - left)
		for c := range 3 {
			into[3*at+c] += here * uint64(row[4*x+c])
		}
		if right < edge {
			continue
		}
		if at++; right > edge {
			for c := range 3 {
				into[3*at+c] += uint64(right-edge) * uint64(row[4*x+c])
			}
		}
	}
}

func add(sum, row []uint64, weight int) {
	if weight == 0 {
		return
	}
	for i, v := range row {
		sum[i] += v * uint64(weight)
	}
}

// put writes sums as the pixels of a row, rounded.
func put(row []byte, sum []uint64, whole uint64) {
	for i := range len(sum) / 3 {
		for c := range 3 {
			row[4*i+c] = byte((sum[3*i+c] + whole/2) / whole)
		}
		row[4*i+3] = 0xff
	}
}

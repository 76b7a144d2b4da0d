import Kernels

/// Autocovariance by fast Fourier transform, with twiddle factors of our own so that the bits do not depend on the
/// processor.
struct AutocovarianceTransform {
    private let length: Int
    private let size: Int
    private let cosines: [Double]
    private let sines: [Double]

    /// For series of `length` values.
    init(length: Int) {
        self.length = length
        var size = 1
        while size < 2 * length { size *= 2 }
        self.size = size
        let half = max(size / 2, 1)
        var cosines: [Double] = []
        var sines: [Double] = []
        cosines.reserveCapacity(half)
        sines.reserveCapacity(half)
        for index in 0..<half {
            let angle = Elementary.sinCosTwoPi(Double(index) / Double(size))
            cosines.append(angle.cos)
            sines.append(angle.sin)
        }
        self.cosines = cosines
        self.sines = sines
    }

    /// Covariance at lags 0 … length − 1 with divisor `length` at every lag.
    func autocovariance(_ values: [Double]) -> [Double] {
        precondition(values.count == length, "a transform for another length")
        let mean = Moments.mean(values)
        var real = [Double](repeating: 0, count: size)
        var imaginary = [Double](repeating: 0, count: size)
        for index in 0..<length { real[index] = values[index] - mean }
        transform(&real, &imaginary)
        for index in 0..<size {
            real[index] = real[index] * real[index] + imaginary[index] * imaginary[index]
            imaginary[index] = 0
        }
        // The power spectrum is real and even, so its forward transform is its inverse up to the factor `size`.
        transform(&real, &imaginary)
        let scale = 1 / (Double(size) * Double(length))
        return (0..<length).map { real[$0] * scale }
    }

    /// Iterative radix-2 transform in place (Cooley & Tukey 1965).
    private func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
        var target = 0
        for index in 1..<size {
            var bit = size >> 1
            while target & bit != 0 {
                target ^= bit
                bit >>= 1
            }
            target |= bit
            if index < target {
                real.swapAt(index, target)
                imaginary.swapAt(index, target)
            }
        }
        var span = 2
        while span <= size {
            let half = span / 2
            let stride = size / span
            var start = 0
            while start < size {
                for offset in 0..<half {
                    let cosine = cosines[offset * stride]
                    let sine = -sines[offset * stride]
                    let low = start + offset
                    let high = low + half
                    let productReal = real[high] * cosine - imaginary[high] * sine
                    let productImaginary = real[high] * sine + imaginary[high] * cosine
                    real[high] = real[low] - productReal
                    imaginary[high] = imaginary[low] - productImaginary
                    real[low] += productReal
                    imaginary[low] += productImaginary
                }
                start += span
            }
            span *= 2
        }
    }
}

import Kernels

/// Discrete Fourier transforms of four complex series at once, one in each lane, of a length that is a power of two.
///
/// The factors come from `Elementary` and every operation acts on whole vectors in one fixed order, so the bits do not
/// depend on the processor. Radix 2 after Gentleman & Sande (1966) forwards, which leaves the frequencies in
/// bit-reversed order, and after Cooley & Tukey (1965) backwards, which takes them so: nothing is ever reordered.
struct FourierTransform {
    typealias Lanes = SIMD4<Double>

    let size: Int
    /// cos(2πk/size) and sin(2πk/size) for k below size/2.
    private let cosines: [Double]
    private let sines: [Double]

    /// - Parameter size: a power of two, at least 2.
    init(size: Int) {
        precondition(size >= 2 && size & (size - 1) == 0, "a transform's length is a power of two, not \(size)")
        self.size = size
        var cosines: [Double] = []
        var sines: [Double] = []
        cosines.reserveCapacity(size / 2)
        sines.reserveCapacity(size / 2)
        for index in 0..<size / 2 {
            let (sine, cosine) = Elementary.sinCosTwoPi(Double(index) / Double(size))
            cosines.append(cosine)
            sines.append(sine)
        }
        self.cosines = cosines
        self.sines = sines
    }

    /// Σ_t x_t exp(−2πi k t / size) at bit-reversed places k, over the series in place.
    func forward(_ real: inout [Lanes], _ imaginary: inout [Lanes]) {
        precondition(real.count == size && imaginary.count == size, "a transform for another length")
        let cosines = cosines.span
        let sines = sines.span
        var real = real.mutableSpan
        var imaginary = imaginary.mutableSpan
        var half = size / 2
        // All places are below `size` and all factors' below size/2.
        while half >= 1 {
            let stride = size / (2 * half)
            var start = 0
            while start < size {
                for offset in 0..<half {
                    let low = start &+ offset
                    let high = low &+ half
                    let (cosine, sine) = unsafe (
                        cosines[unchecked: offset &* stride], sines[unchecked: offset &* stride]
                    )
                    let (a, b) = unsafe (real[unchecked: low], real[unchecked: high])
                    let (c, d) = unsafe (imaginary[unchecked: low], imaginary[unchecked: high])
                    let (x, y) = (a - b, c - d)
                    unsafe real[unchecked: low] = a + b
                    unsafe imaginary[unchecked: low] = c + d
                    unsafe real[unchecked: high] = x * cosine + y * sine
                    unsafe imaginary[unchecked: high] = y * cosine - x * sine
                }
                start &+= 2 &* half
            }
            half /= 2
        }
    }

    /// Σ_k X_k exp(−2πi k t / size) of frequencies at bit-reversed places k, over them in place.
    func backward(_ real: inout [Lanes], _ imaginary: inout [Lanes]) {
        precondition(real.count == size && imaginary.count == size, "a transform for another length")
        let cosines = cosines.span
        let sines = sines.span
        var real = real.mutableSpan
        var imaginary = imaginary.mutableSpan
        var half = 1
        // All places are below `size` and all factors' below size/2.
        while half < size {
            let stride = size / (2 * half)
            var start = 0
            while start < size {
                for offset in 0..<half {
                    let low = start &+ offset
                    let high = low &+ half
                    let (cosine, sine) = unsafe (
                        cosines[unchecked: offset &* stride], sines[unchecked: offset &* stride]
                    )
                    let (a, b) = unsafe (real[unchecked: low], real[unchecked: high])
                    let (c, d) = unsafe (imaginary[unchecked: low], imaginary[unchecked: high])
                    let (x, y) = (b * cosine + d * sine, d * cosine - b * sine)
                    unsafe real[unchecked: low] = a + x
                    unsafe imaginary[unchecked: low] = c + y
                    unsafe real[unchecked: high] = a - x
                    unsafe imaginary[unchecked: high] = c - y
                }
                start &+= 2 &* half
            }
            half *= 2
        }
    }
}

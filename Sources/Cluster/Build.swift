import Foundation
import Kernels
import Storage
import Wire

/// What this binary is.
package enum Build {
    package static let version = "0.1.0"

    /// Changes when any number of a result may change for the same model, data and seed.
    package static let numericVersion = "1"

    /// Digest of the output bits of a fixed battery of kernel calls on this machine, with version and architecture: a
    /// machine that computes other bits names itself.
    package static func kernelFingerprint() -> Digest {
        var bytes = Array("kernels \(numericVersion) lanes 8 \(architecture)".utf8)
        func take(_ value: Double) {
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(shift)))
            }
        }
        var stream = RandomStream(key: StreamKey(seed: 1, kind: 0, index: 0), iteration: 0, site: 0)
        for _ in 0..<512 {
            let x = 20 * stream.uniform() - 10
            take(Elementary.exp(x))
            take(Elementary.log(abs(x) + 1e-3))
            take(Elementary.tanh(x))
            take(Elementary.log1p(abs(x)))
            take(stream.normal())
            take(stream.gamma(shape: 0.25))
        }
        return Digest(hashing: bytes)
    }

    /// SHA-256 of this program's file.
    package static let binaryDigest = Digest(
        hashing: FileManager.default.contents(atPath: "/proc/self/exe").map(Array.init) ?? [])

    private static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "arm64"
        #else
        "other"
        #endif
    }
}

import CLinux
import Foundation
import Kernels
import Storage
import Wire

/// What this binary is.
package enum Build {
    package static let version = "0.1.0"

    /// Changes when any number of a result may change for the same model, data and seed.
    package static let numericVersion = "1"

    /// Version and level as people read them, for example `0.1.0 (x86-64-v3)`.
    package static let description = "\(version) (\(level))"

    /// What this program was compiled for: `x86-64`, `x86-64-v3` or `x86-64-v4`; `arm64` or `other` elsewhere.
    package static let level = String(cString: tutti_level(tutti_compiled_features()))

    /// The highest of these levels that this processor has.
    package static let processorLevel = String(cString: tutti_level(tutti_processor_features()))

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

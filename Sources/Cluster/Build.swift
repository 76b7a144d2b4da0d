import Battery
import CLinux
import Foundation
import Storage
import Wire

/// What this binary is.
package enum Build {
    package static let version = "0.1.0"

    /// Version and level as people read them, for example `0.1.0 (x86-64-v3)`.
    package static let description = "\(version) (\(level))"

    /// What this program was compiled for: `x86-64`, `x86-64-v3` or `x86-64-v4`; `arm64` or `other` elsewhere.
    package static let level = String(cString: tutti_level(tutti_compiled_features()))

    /// The highest of these levels that this processor has.
    package static let processorLevel = String(cString: tutti_level(tutti_processor_features()))

    /// Digest of the output bits of `NumericBattery` on this machine, with the version of all numbers and the
    /// architecture: a machine that computes other bits names itself. It is in the name of every fit and task. The level
    /// is not in it, since it does not change a bit.
    package static let kernelFingerprint = fingerprint(version: NumericBattery.version)

    /// The same of another version of all numbers.
    package static func fingerprint(version: Int) -> Digest {
        var bytes = Array("kernels \(version) lanes 8 \(architecture)".utf8)
        for value in NumericBattery.sections().flatMap(\.values) {
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt64(shift)))
            }
        }
        return Digest(hashing: bytes)
    }

    /// SHA-256 of this program's file.
    package static let binaryDigest = (try? Digest(ofFile: "/proc/self/exe")) ?? Digest(hashing: [])

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

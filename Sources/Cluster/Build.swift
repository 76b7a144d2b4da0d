import CLinux
import Fitting
import Foundation
import Storage
import Wire

/// What this binary is.
package enum Build {
    package static let version = "0.1.0"

    /// Changes when any number of a result may change for the same model, data and seed.
    package static let numericVersion = "1"

    /// The CPUs that this program is compiled for; its results are the same to the bit on all.
    package static var level: String {
        switch tutti_compiled_cpu_level() {
        case 1: "x86-64"
        case 3: "x86-64-v3"
        case 4: "x86-64-v4"
        default: architecture
        }
    }

    /// Digest of the output bits of a fixed battery on this machine, with version and architecture: a machine that
    /// computes other bits names itself.
    package static func kernelFingerprint() -> Digest {
        var bytes = Array("kernels \(numericVersion) lanes 8 \(architecture)".utf8)
        for word in KernelBattery.bits() {
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
            }
        }
        return Digest(hashing: bytes)
    }

    /// SHA-256 of this program's file, read where it is mapped: it is large, and every worker asks for it.
    package static let binaryDigest: Digest = {
        var builder = DigestBuilder()
        if let file = try? Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe"), options: .alwaysMapped) {
            builder.append(file)
        }
        return builder.digest
    }()

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

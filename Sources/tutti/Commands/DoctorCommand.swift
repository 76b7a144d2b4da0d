import ArgumentParser
import Cluster

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what this program is, what this processor could run, and what bits it computes.",
        discussion: """
            The fingerprint is a digest of what the numeric core computes here. It is the same on every machine of \
            one architecture and in every build of one version; a coordinator refuses workers that have another.
            """)

    func run() {
        print("version      \(Build.version)")
        print("built for    \(Build.level)")
        print("processor    \(Build.processorLevel)")
        print("fingerprint  \(Build.kernelFingerprint)")
    }
}

import Battery

/// Prints a hash of what each part of the numeric core computes in this build on this processor, a line each.
/// Deploy/bits.sh compares it between builds and processors, so it is a program that is soon built: the numbers' modules alone.
@main
enum Fingerprint {
    static func main() {
        for section in NumericBattery.sections() {
            let digits = String(section.hash, radix: 16)
            print("\(String(repeating: "0", count: 16 - digits.count))\(digits)  \(section.name)")
        }
    }
}

/// The cyclic redundancy check of 64 bits with the polynomial of ECMA-182, reflected ("CRC-64/XZ").
///
/// It is the remainder of the bytes, read as a polynomial over two elements, by one of degree 64 with a constant term.
/// No power of x is a multiple of that, nor is any polynomial of degree below 64 times a power of x: so every single bit
/// turned is seen, wherever it is and however long the bytes are, and so is every run of damage of up to 64 bits
/// (Peterson & Brown 1961). Other damage passes with chance 2⁻⁶⁴. It guards against accidents, not against forgers, who
/// could as well write a checkpoint of their own.
package enum Checksum {
    private static let polynomial: UInt64 = 0xC96C_5795_D787_0F42

    /// The remainder of each byte.
    private static let table: [UInt64] = (0..<256).map { byte in
        (0..<8).reduce(UInt64(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ polynomial : rest >> 1 }
    }

    package static func of(_ bytes: some Sequence<UInt8>) -> UInt64 {
        let table = table
        var rest = UInt64.max
        for byte in bytes { rest = rest >> 8 ^ table[Int(UInt8(truncatingIfNeeded: rest) ^ byte)] }
        return ~rest
    }
}

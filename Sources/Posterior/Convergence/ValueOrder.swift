/// The ascending order of some values.
package struct ValueOrder {
    /// Ascending.
    package var sorted: [Double]
    /// Where each of `sorted` stood; equal values keep their order.
    package var positions: [Int32]

    init(sorted: [Double], positions: [Int32]) {
        self.sorted = sorted
        self.positions = positions
    }

    /// The values hold no NaN and number less than 2^31.
    ///
    /// A radix sort by the upper 32 bits of the values, three digits of eleven bits with their positions beside them,
    /// leaves few values to compare: tens of thousands of draws of hundreds of quantities are ordered in one summary.
    package init(of values: [Double]) {
        var elements = values.indices.map { index in
            Self.key(values[index]) & Self.upperHalf | UInt64(truncatingIfNeeded: index)
        }
        var other = elements
        for shift in stride(from: 32, to: 64, by: Self.digitBits) {
            Self.sort(elements, into: &other, shift: UInt64(shift))
            swap(&elements, &other)
        }
        elements.withUnsafeMutableBufferPointer { elements in
            var first = 0
            while first < elements.count {
                var last = first + 1
                while last < elements.count, elements[last] & Self.upperHalf == elements[first] & Self.upperHalf {
                    last += 1
                }
                if last - first > 1 {
                    var group = UnsafeMutableBufferPointer(rebasing: elements[first..<last])
                    group.sort { a, b in
                        let (x, y) = (values[Self.position(a)], values[Self.position(b)])
                        return x < y || (x == y && a < b)
                    }
                }
                first = last
            }
        }
        sorted = elements.map { values[Self.position($0)] }
        positions = elements.map { Int32(truncatingIfNeeded: $0) }
    }

    private static let digitBits = 11
    private static let upperHalf: UInt64 = ~0 << 32

    /// An integer that orders as the value does: the sign bit of positive numbers set, all bits of negative ones
    /// flipped. Adding 0 makes −0 equal to 0.
    private static func key(_ value: Double) -> UInt64 {
        let bits = (value + 0).bitPattern
        return bits >> 63 == 0 ? bits | 1 << 63 : ~bits
    }

    private static func position(_ element: UInt64) -> Int {
        Int(truncatingIfNeeded: element & ~upperHalf)
    }

    /// One stable pass by the digit that starts at bit `shift`.
    private static func sort(_ elements: [UInt64], into target: inout [UInt64], shift: UInt64) {
        let mask: UInt64 = 1 << UInt64(digitBits) - 1
        var places = [Int](repeating: 0, count: 1 << digitBits)
        for element in elements { places[Int(truncatingIfNeeded: element &>> shift & mask)] &+= 1 }
        var start = 0
        for digit in places.indices {
            (places[digit], start) = (start, start + places[digit])
        }
        for element in elements {
            let digit = Int(truncatingIfNeeded: element &>> shift & mask)
            target[places[digit]] = element
            places[digit] &+= 1
        }
    }
}

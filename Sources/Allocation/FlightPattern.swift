/// By period, whether a channel is on air; a run of periods in which it is, is a flight.
package struct FlightPattern: Sendable, Hashable {
    package let isOn: [Bool]

    package init(_ isOn: [Bool]) {
        self.isOn = isOn
    }

    /// On air in one flight.
    package init(flight: Range<Int>, of periodCount: Int) {
        self.init((0..<periodCount).map(flight.contains))
    }

    package var flights: [Range<Int>] {
        var flights: [Range<Int>] = []
        var begin: Int?
        for (period, isOn) in (isOn + [false]).enumerated() {
            if isOn {
                begin = begin ?? period
            } else if let first = begin {
                flights.append(first..<period)
                begin = nil
            }
        }
        return flights
    }

    /// Whether no flight is shorter.
    func keeps(_ lengthMin: Int) -> Bool { flights.allSatisfy { $0.count >= lengthMin } }

    /// Single flights of all lengths at all places; of a plan of many periods, some of each. On air throughout is one of them.
    static func singles(_ periodCount: Int, lengthMin: Int) -> [FlightPattern] {
        let step = max(1, periodCount / singlesPerSide)
        return stride(from: periodCount, through: lengthMin, by: -step).flatMap { length in
            stride(from: 0, through: periodCount - length, by: step).map {
                FlightPattern(flight: $0..<$0 + length, of: periodCount)
            }
        }
    }

    /// Lengths and places of single flights that are looked at, at the least.
    private static let singlesPerSide = 13

    /// Patterns one step away: a flight longer or shorter at one end, a period earlier or later, cut in two, left
    /// out, or a new one of the least length.
    func neighbours(lengthMin: Int) -> [FlightPattern] {
        let cuts = flights.flatMap { $0.dropFirst().dropLast() }.map { changed($0..<$0 + 1, to: false) }
        let shifts = flights.flatMap { flight -> [FlightPattern] in
            [flight.lowerBound - 1, flight.upperBound].filter(isOn.indices.contains).map { period in
                let end = period < flight.lowerBound ? flight.upperBound - 1 : flight.lowerBound
                return changed(period..<period + 1, to: true).changed(end..<end + 1, to: false)
            }
        }
        return distinct(
            longer + shorter(lengthMin: lengthMin) + shifts + cuts + added(lengthMin: lengthMin, stride: 1),
            lengthMin: lengthMin)
    }

    /// Patterns that give up an end of a flight, or a flight, and are on air longer elsewhere: where money is short, one is not
    /// to be had without the other.
    func exchanges(lengthMin: Int) -> [FlightPattern] {
        let fewer = distinct(shorter(lengthMin: lengthMin), lengthMin: lengthMin)
        return distinct(
            fewer.flatMap { $0.longer + $0.added(lengthMin: lengthMin, stride: max(1, lengthMin / 2)) },
            lengthMin: lengthMin)
    }

    /// Each flight longer by a period at one end.
    private var longer: [FlightPattern] {
        flights.flatMap { [$0.lowerBound - 1, $0.upperBound] }.filter(isOn.indices.contains)
            .map { changed($0..<$0 + 1, to: true) }
    }

    /// Each flight shorter at one end, by a period or by as many as a flight has at the least, or left out.
    private func shorter(lengthMin: Int) -> [FlightPattern] {
        flights.flatMap { flight in
            [flight.prefix(1), flight.suffix(1), flight.prefix(lengthMin), flight.suffix(lengthMin), flight]
                .map { changed($0, to: false) }
        }
    }

    private func added(lengthMin: Int, stride: Int) -> [FlightPattern] {
        Swift.stride(from: 0, through: isOn.count - lengthMin, by: stride).map { $0..<$0 + lengthMin }
            .filter { !isOn[$0].contains(true) }.map { changed($0, to: true) }
    }

    private func changed(_ periods: Range<Int>, to value: Bool) -> FlightPattern {
        var changed = isOn
        for period in periods { changed[period] = value }
        return FlightPattern(changed)
    }

    /// Those that keep to the least length, without this one, each once, in their order.
    private func distinct(_ patterns: [FlightPattern], lengthMin: Int) -> [FlightPattern] {
        var known: Set<FlightPattern> = [self]
        return patterns.filter { $0.keeps(lengthMin) && known.insert($0).inserted }
    }
}

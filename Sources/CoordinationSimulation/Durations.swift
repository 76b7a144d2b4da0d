import Coordination

// Scenarios and timelines are read by people: durations have names there.
extension Nanoseconds {
    package static func seconds(_ count: Double) -> Nanoseconds { Nanoseconds(count * 1e9) }

    package static func milliseconds(_ count: Double) -> Nanoseconds { Nanoseconds(count * 1e6) }

    var asSeconds: Double { Double(self) / 1e9 }
}

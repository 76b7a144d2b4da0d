import Coordination

// A failing world with less in it is easier to understand.
extension Scenario {
    /// With as few faults as still break a rule, and calm as early as still does.
    package func shrunk(bug: PlantedBug? = nil) -> Scenario {
        func fails(_ scenario: Scenario) -> Bool {
            var simulation = Simulation(scenario, bug: bug)
            return simulation.run().violation != nil
        }
        guard fails(self) else { return self }
        var smallest = self
        var length = max(1, faults.count / 2)
        while true {
            var start = 0
            while start < smallest.faults.count {
                var candidate = smallest
                candidate.faults.removeSubrange(start..<min(start + length, smallest.faults.count))
                if fails(candidate) { smallest = candidate } else { start += length }
            }
            if length == 1 { break }
            length /= 2
        }
        var earliest: Nanoseconds = 0
        while smallest.calmFrom - earliest > .seconds(1) {
            var candidate = smallest
            candidate.calmFrom = (earliest + smallest.calmFrom) / 2
            if fails(candidate) { smallest = candidate } else { earliest = candidate.calmFrom }
        }
        return smallest
    }
}

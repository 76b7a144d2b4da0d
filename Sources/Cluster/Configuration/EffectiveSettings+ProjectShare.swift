import Coordination

extension EffectiveSettings {
    /// What `projects` says, by their names.
    package var projectShares: [String: ProjectShare] {
        rows("projects").mapValues { fields in
            ProjectShare(
                weight: fields["weight"].flatMap { Double($0) } ?? 1, slotsMax: fields["slots_max"].flatMap { Int($0) },
                tasksMax: fields["tasks_max"].flatMap { Int($0) },
                bytesMax: fields["bytes_max"].flatMap { MemorySize($0)?.byteCount })
        }
    }
}

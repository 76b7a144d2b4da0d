import Wire

/// What a worker's tasks may ask for, as people write it.
package enum WorkerTags {
    /// What is wrong with the tags; nil when nothing is.
    package static func problem(in tags: [String]) -> (message: String, mend: String)? {
        guard tags.count <= Limits.tagsMax else {
            return ("\(tags.count) tags are more than \(Limits.tagsMax).", "leave some out.")
        }
        for tag in tags {
            guard (1...Limits.nameByteCountMax).contains(tag.utf8.count),
                !tag.contains(where: { $0.isWhitespace || $0 == "," })
            else {
                return (
                    "'\(tag)' is not 1 to \(Limits.nameByteCountMax) bytes without spaces and commas.",
                    "write a word such as zone=a."
                )
            }
        }
        return nil
    }
}

/// A key, a key file or a key folder that cannot be used.
package struct KeyError: Error, Hashable, CustomStringConvertible {
    /// The file or folder.
    package let path: String
    package let problem: String
    package let mend: String

    package var description: String { "\(path): \(problem). Mend: \(mend)." }
}

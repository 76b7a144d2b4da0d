/// A value, and where the model file states it.
@dynamicMemberLookup
package struct Located<Value> {
    package var value: Value
    /// From 1; nil where the parser knows none.
    package var line: Int?

    init(_ value: Value, line: Int?) {
        self.value = value
        self.line = line
    }

    package subscript<Member>(dynamicMember path: KeyPath<Value, Member>) -> Member { value[keyPath: path] }
}

extension Located: Sendable where Value: Sendable {}

import Cluster
import Coordination
import Foundation
import Glibc
import Storage
import Testing
import Wire

@Suite("what workers of a host share")
struct BundleCacheTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func cache(byteCountMax: Int = 1000) throws -> BundleCache {
        try BundleCache(folder: "\(folder.path)/cache", byteCountMax: byteCountMax)
    }

    private func bytes(_ seed: UInt8) -> [UInt8] { [UInt8](repeating: seed, count: 100) }

    private func digest(_ seed: UInt8) -> Digest { Digest(hashing: bytes(seed)) }

    private func word(_ copy: HostCopy) -> String {
        switch copy {
        case .whole(let bytes): "whole \(bytes.first ?? 0)"
        case .onItsWay: "on its way"
        case .none: "none"
        }
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/cache").sorted()
    }

    @Test("one fetches, the others wait for it and have the same")
    func once() throws {
        let (first, second) = (try cache(), try cache())
        #expect(word(first.lookUp(digest(1))) == "none")
        #expect(word(first.lookUp(digest(1))) == "none", "it is the one that fetches")
        #expect(word(second.lookUp(digest(1))) == "on its way")
        #expect(word(second.lookUp(digest(2))) == "none", "another is another's")
        first.share(digest(1), bytes(1))
        #expect(word(second.lookUp(digest(1))) == "whole 1" && word(first.lookUp(digest(1))) == "whole 1")
        second.share(digest(2), bytes(2))
        #expect(try names() == [digest(1).description, digest(2).description].sorted())
        var status = stat()
        #expect(stat("\(folder.path)/cache", &status) == 0 && status.st_mode & 0o777 == 0o700)
        #expect(stat("\(folder.path)/cache/\(digest(1))", &status) == 0 && status.st_mode & 0o777 == 0o600)
    }

    @Test("another fetches when the one that was to has ended, or looks for something else")
    func heirs() throws {
        let second = try cache()
        do {
            let first = try cache()
            #expect(word(first.lookUp(digest(1))) == "none")
            #expect(word(second.lookUp(digest(1))) == "on its way")
        }
        #expect(word(second.lookUp(digest(1))) == "none")
        let third = try cache()
        #expect(word(third.lookUp(digest(1))) == "on its way")
        #expect(word(second.lookUp(digest(2))) == "none")
        #expect(word(third.lookUp(digest(1))) == "none")
    }

    @Test("what is damaged counts for nothing and is replaced")
    func damaged() throws {
        let cache = try cache()
        for damage in [[UInt8](), Array(bytes(1).dropLast()), bytes(2)] {
            try Data(damage).write(to: URL(fileURLWithPath: "\(folder.path)/cache/\(digest(1))"))
            #expect(word(cache.lookUp(digest(1))) == "none")
            cache.share(digest(1), bytes(1))
            #expect(word(cache.lookUp(digest(1))) == "whole 1")
        }
    }

    @Test("it stays within its bound: what was used longest ago goes, and what is too large never comes")
    func bound() throws {
        let cache = try cache(byteCountMax: 250)
        for (age, seed) in [(300, 1), (200, 2)] as [(Int, UInt8)] {
            cache.share(digest(seed), bytes(seed))
            var times = [timeval(), timeval()]
            for place in 0...1 { times[place].tv_sec = time(nil) - age }
            utimes("\(folder.path)/cache/\(digest(seed))", times)
        }
        #expect(word(cache.lookUp(digest(1))) == "whole 1", "it is used")
        cache.share(digest(3), bytes(3))
        #expect(try names() == [digest(1).description, digest(3).description].sorted())
        let large = [UInt8](repeating: 9, count: 251)
        cache.share(Digest(hashing: large), large)
        #expect(try names().count == 2)
    }

    @Test("where the system keeps what can be made anew")
    func place() {
        #expect(
            BundleCache.systemFolder(environment: ["CACHE_DIRECTORY": "/var/cache/t:/b", "HOME": "/h"])
                == "/var/cache/t/bundles")
        #expect(BundleCache.systemFolder(environment: ["XDG_CACHE_HOME": "/c", "HOME": "/h"]) == "/c/tutti/bundles")
        #expect(BundleCache.systemFolder(environment: ["HOME": "/h"]) == "/h/.cache/tutti/bundles")
        #expect(BundleCache.systemFolder(environment: [:]) == nil)
    }
}

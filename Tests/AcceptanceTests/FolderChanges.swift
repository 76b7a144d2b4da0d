import Foundation
import Glibc

/// Waits until something changes in a folder or in the folders in it (inotify).
final class FolderChanges {
    private let path: String
    private let descriptor: Int32

    init(_ path: String) {
        self.path = path
        descriptor = inotify_init1(Int32(IN_CLOEXEC))
    }

    deinit {
        close(descriptor)
    }

    /// Looks now, and after every change, until `condition` has come about; false when it has not within `seconds`
    /// without a change. A folder is watched before it is looked at, so that nothing is missed between the two.
    func wait(seconds: Int32, until condition: () -> Bool) -> Bool {
        while true {
            let inside = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
            for folder in [path] + inside.map({ "\(path)/\($0)" }) {
                _ = inotify_add_watch(descriptor, folder, UInt32(IN_CREATE | IN_MOVED_TO | IN_ONLYDIR))
            }
            if condition() { return true }
            var awaited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&awaited, 1, seconds * 1000) > 0 else { return false }
            var events = [UInt8](repeating: 0, count: 65_536)
            _ = read(descriptor, &events, events.count)
        }
    }
}

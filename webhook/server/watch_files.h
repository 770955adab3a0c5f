// Notices that files changed. Looks at them a few times a second, which works on every file system
// and through the symbolic links that Kubernetes swaps when a ConfigMap or Secret changes, and
// believes a change once it has looked twice and seen the same: half a file is never read.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

namespace ballast::webhook {

// Files that are read together, such as a certificate and its key.
struct WatchedFiles {
  std::vector<std::filesystem::path> paths;
  std::function<void()> on_change;  // on the watcher's thread; one at a time
};

class FileWatcher {
 public:
  // What the files are now counts as known: to be made before they are read for the first time, or
  // a change between reading and watching would never be seen.
  explicit FileWatcher(std::vector<WatchedFiles> files,
                       std::chrono::milliseconds interval = std::chrono::milliseconds(250));
  ~FileWatcher();
  // From here on a change is reported within twice the interval. Once.
  void Begin();
  FileWatcher(const FileWatcher&) = delete;
  FileWatcher& operator=(const FileWatcher&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast::webhook

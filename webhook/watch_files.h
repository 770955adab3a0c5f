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
  // A change is reported within twice the interval. What the files are now counts as known.
  explicit FileWatcher(std::vector<WatchedFiles> files,
                       std::chrono::milliseconds interval = std::chrono::milliseconds(250));
  ~FileWatcher();
  FileWatcher(const FileWatcher&) = delete;
  FileWatcher& operator=(const FileWatcher&) = delete;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ballast::webhook

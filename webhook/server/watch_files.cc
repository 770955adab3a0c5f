#include "webhook/server/watch_files.h"

#include <sys/stat.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <utility>

namespace ballast::webhook {
namespace {

// What tells one state of a file from another without reading it.
struct Stamp {
  uint64_t device = 0;
  uint64_t inode = 0;
  int64_t size = -1;  // -1: not there
  int64_t modified_nanoseconds = 0;
  int64_t changed_nanoseconds = 0;

  bool operator==(const Stamp&) const = default;
};

int64_t Nanoseconds(const timespec& time) {
  return static_cast<int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

std::vector<Stamp> Look(const std::vector<std::filesystem::path>& paths) {
  std::vector<Stamp> stamps;
  for (const std::filesystem::path& path : paths) {
    struct stat s {};
    Stamp stamp;
    if (stat(path.c_str(), &s) == 0) {
      stamp = {s.st_dev, s.st_ino, s.st_size, Nanoseconds(s.st_mtim), Nanoseconds(s.st_ctim)};
    }
    stamps.push_back(stamp);
  }
  return stamps;
}

struct Watch {
  WatchedFiles files;
  std::vector<Stamp> known;  // what was reported last
  std::vector<Stamp> seen;   // at the last look
};

void LookAgain(Watch& watch) {
  std::vector<Stamp> now = Look(watch.files.paths);
  const bool settled = now == watch.seen;
  if (settled && now != watch.known) {
    watch.known = now;
    watch.files.on_change();
  }
  watch.seen = std::move(now);
}

}  // namespace

struct FileWatcher::State {
  std::vector<Watch> watches;
  std::chrono::milliseconds interval;
  std::mutex mutex;
  std::condition_variable wake;
  bool stop = false;
  std::thread thread;

  void Run() {
    std::unique_lock lock(mutex);
    while (!wake.wait_for(lock, interval, [this] { return stop; })) {
      lock.unlock();
      for (Watch& watch : watches) LookAgain(watch);
      lock.lock();
    }
  }
};

FileWatcher::FileWatcher(std::vector<WatchedFiles> files, std::chrono::milliseconds interval)
    : state_(std::make_unique<State>()) {
  state_->interval = interval;
  for (WatchedFiles& group : files) {
    std::vector<Stamp> now = Look(group.paths);
    state_->watches.push_back({std::move(group), now, now});
  }
}

void FileWatcher::Begin() {
  state_->thread = std::thread([this] { state_->Run(); });
}

FileWatcher::~FileWatcher() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->stop = true;
  }
  state_->wake.notify_all();
  if (state_->thread.joinable()) state_->thread.join();
}

}  // namespace ballast::webhook

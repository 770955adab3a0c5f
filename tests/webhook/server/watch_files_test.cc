#include "webhook/server/watch_files.h"

#include <gtest/gtest.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string>

namespace ballast::webhook {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// A folder with one watched file, read anew when it changes.
class WatchFiles : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "ballast-watch-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    file_ = folder_ / "file";
  }
  void TearDown() override { fs::remove_all(folder_); }

  void Watch() {
    watcher_ = std::make_unique<FileWatcher>(
        std::vector<WatchedFiles>{{{file_}, [this] { OnChange(); }}}, 10ms);
    watcher_->Begin();
  }
  void OnChange() {
    std::ifstream in(file_);
    std::string text{std::istreambuf_iterator<char>(in), {}};
    const std::scoped_lock lock(mutex_);
    seen_.push_back(text);
    changed_.notify_all();
  }
  // Whether this is what was read last, soon.
  bool Reads(const std::string& text) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 5s, [&] { return !seen_.empty() && seen_.back() == text; });
  }
  void Write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }

  fs::path folder_;
  fs::path file_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> seen_;
  std::unique_ptr<FileWatcher> watcher_;
};

TEST_F(WatchFiles, SeesAFileWrittenInPlaceReplacedAndGone) {
  Write(file_, "one");
  Watch();
  Write(file_, "two");
  EXPECT_TRUE(Reads("two"));
  Write(folder_ / "new", "six");  // the same length
  fs::rename(folder_ / "new", file_);
  EXPECT_TRUE(Reads("six"));
  fs::remove(file_);
  EXPECT_TRUE(Reads(""));
  Write(file_, "back");
  EXPECT_TRUE(Reads("back"));
}

TEST_F(WatchFiles, SeesThroughTheLinksOfAMountedConfigMap) {
  fs::create_directory(folder_ / "v1");
  fs::create_directory(folder_ / "v2");
  Write(folder_ / "v1" / "file", "one");
  Write(folder_ / "v2" / "file", "two");
  fs::create_symlink("v1", folder_ / "..data");
  fs::create_symlink("..data/file", file_);
  Watch();
  fs::create_symlink("v2", folder_ / "..data_tmp");
  fs::rename(folder_ / "..data_tmp", folder_ / "..data");
  EXPECT_TRUE(Reads("two"));
}

TEST_F(WatchFiles, SaysNothingOfWhatItKnows) {
  Write(file_, "one");
  Watch();
  watcher_.reset();
  EXPECT_TRUE(seen_.empty());
}

}  // namespace
}  // namespace ballast::webhook

// Runs the real program for tests: its standard error is read line by line, it is ended with the
// object.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace ballast::fakes {

class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }
  void Signal(int number) const;
  // Its exit status; nullopt where it does not end in time (or is killed).
  std::optional<int> Wait(std::chrono::milliseconds time);
  // The first line, of all that come, which holds this text; waits for it. Empty: it did not come.
  std::string Line(std::string_view text,
                   std::chrono::milliseconds time = std::chrono::seconds(10));
  // The port of the first line that holds this text.
  int Port(std::string_view text);

  // Stops all its threads, as a container that has used up its share of cpu; until SIGCONT.
  void Freeze() const;

  int64_t ResidentBytes() const { return Memory("VmRSS:"); }
  int64_t PeakResidentBytes() const { return Memory("VmHWM:"); }

 private:
  void Read(int fd);
  int64_t Memory(std::string_view field) const;

  pid_t pid_ = -1;
  std::optional<int> status_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> lines_;
  bool over_ = false;
  std::thread reader_;
};

}  // namespace ballast::fakes

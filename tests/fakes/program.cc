#include "tests/fakes/program.h"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

namespace ballast::fakes {

Program::Program(const std::vector<std::string>& arguments) {
  std::array<int, 2> ends{};
  if (pipe(ends.data()) != 0) return;
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);  // it never outlives the test
    dup2(ends[1], STDERR_FILENO);
    close(ends[0]);
    close(ends[1]);
    std::vector<char*> argv;
    for (const std::string& argument : arguments) {
      argv.push_back(const_cast<char*>(argument.c_str()));
    }
    argv.push_back(nullptr);
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(ends[1]);
  reader_ = std::thread([this, fd = ends[0]] { Read(fd); });
}

Program::~Program() {
  if (!status_.has_value()) {
    Signal(SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  reader_.join();
}

void Program::Read(int fd) {
  std::string text;
  std::array<char, 4096> chunk;
  ssize_t got = 0;
  while ((got = read(fd, chunk.data(), chunk.size())) > 0) {
    text.append(chunk.data(), static_cast<size_t>(got));
    size_t end = 0;
    const std::scoped_lock lock(mutex_);
    while ((end = text.find('\n')) != std::string::npos) {
      lines_.push_back(text.substr(0, end));
      text.erase(0, end + 1);
    }
    came_.notify_all();
  }
  close(fd);
  const std::scoped_lock lock(mutex_);
  over_ = true;
  came_.notify_all();
}

void Program::Signal(int number) const { kill(pid_, number); }

void Program::Freeze() const {
  Signal(SIGSTOP);
  // The kernel stops the threads one by one.
  const std::string folder = "/proc/" + std::to_string(pid_) + "/task";
  bool all_stopped = false;
  while (!all_stopped) {
    all_stopped = true;
    for (const auto& task : std::filesystem::directory_iterator(folder)) {
      std::ifstream stat(task.path() / "stat");
      std::string text;
      std::getline(stat, text);
      const size_t name_end = text.rfind(") ");
      all_stopped = all_stopped && name_end != std::string::npos && text[name_end + 2] == 'T';
    }
  }
}

std::optional<int> Program::Wait(std::chrono::milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  // Its end of the pipe closes when it ends.
  {
    std::unique_lock lock(mutex_);
    if (!came_.wait_until(lock, end, [this] { return over_; })) return std::nullopt;
  }
  int status = 0;
  if (waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return status_;
}

std::string Program::Line(std::string_view text, std::chrono::milliseconds time) {
  std::unique_lock lock(mutex_);
  std::string found;
  came_.wait_for(lock, time, [&] {
    const auto at = std::find_if(lines_.begin(), lines_.end(), [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
    if (at != lines_.end()) found = *at;
    return !found.empty() || over_;
  });
  return found;
}

int Program::Port(std::string_view text) {
  const std::string line = Line(text);
  const size_t at = line.find("\"port\":");
  if (at != std::string::npos) return std::atoi(line.c_str() + at + 7);
  const std::scoped_lock lock(mutex_);
  for (const std::string& said : lines_) std::cerr << said << "\n";  // why it did not start
  return 0;
}

int64_t Program::Memory(std::string_view field) const {
  std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
  std::string word;
  while (status >> word) {
    int64_t kibibytes = 0;
    if (word == field && status >> kibibytes) return kibibytes * 1024;
  }
  return 0;
}

}  // namespace ballast::fakes

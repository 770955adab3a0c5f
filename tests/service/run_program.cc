#include "tests/service/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>

namespace ballast::tests {
namespace {

struct Pipe {
  int read_end = -1;
  int write_end = -1;

  Pipe() {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) std::abort();
    read_end = ends[0];
    write_end = ends[1];
  }
  ~Pipe() {
    CloseRead();
    CloseWrite();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  void CloseRead() { Close(read_end); }
  void CloseWrite() { Close(write_end); }

 private:
  static void Close(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
};

[[noreturn]] void Become(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment) {
  // No program under test asks the cluster of whoever runs the tests.
  for (const char* name : {"KUBECONFIG", "KUBERNETES_SERVICE_HOST"}) unsetenv(name);
  for (const std::string& pair : environment) putenv(const_cast<char*>(pair.c_str()));
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  execvp(argv[0], argv.data());
  _exit(127);
}

// Reads what is there; false at the end.
bool Drain(int end, std::string& text) {
  std::array<char, 16384> block;
  const ssize_t got = read(end, block.data(), block.size());
  if (got > 0) text.append(block.data(), static_cast<size_t>(got));
  return got > 0 || (got < 0 && errno == EINTR);
}

}  // namespace

ProgramResult RunProgram(const std::vector<std::string>& arguments, const std::string& input,
                         const std::vector<std::string>& environment, int seconds) {
  signal(SIGPIPE, SIG_IGN);
  Pipe in;
  Pipe out;
  Pipe err;
  const pid_t pid = fork();
  if (pid == 0) {
    dup2(in.read_end, STDIN_FILENO);
    dup2(out.write_end, STDOUT_FILENO);
    dup2(err.write_end, STDERR_FILENO);
    signal(SIGPIPE, SIG_DFL);
    Become(arguments, environment);
  }
  in.CloseRead();
  out.CloseWrite();
  err.CloseWrite();
  fcntl(in.write_end, F_SETFL, O_NONBLOCK);

  ProgramResult result;
  size_t written = 0;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (out.read_end >= 0 || err.read_end >= 0) {
    if (in.write_end >= 0 && written == input.size()) in.CloseWrite();
    std::array<pollfd, 3> watched = {pollfd{out.read_end, POLLIN, 0},
                                     pollfd{err.read_end, POLLIN, 0},
                                     pollfd{in.write_end, POLLOUT, 0}};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
      return result;  // status -1
    }
    poll(watched.data(), watched.size(), static_cast<int>(left.count()));
    if (watched[0].revents != 0 && !Drain(out.read_end, result.out)) out.CloseRead();
    if (watched[1].revents != 0 && !Drain(err.read_end, result.err)) err.CloseRead();
    if (watched[2].revents != 0) {
      const ssize_t put = write(in.write_end, input.data() + written, input.size() - written);
      if (put > 0) written += static_cast<size_t>(put);
      if (put < 0 && errno != EAGAIN && errno != EINTR) in.CloseWrite();  // it reads no more
    }
  }
  int status = 0;
  waitpid(pid, &status, 0);
  result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return result;
}

std::string BallastBinary() { return BALLAST_BINARY; }

std::string TestData(const std::string& name) {
  return std::string(BALLAST_SOURCE_DIR) + "/tests/testdata/" + name;
}

}  // namespace ballast::tests

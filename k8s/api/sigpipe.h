// Writing to a connection that the other side has closed raises SIGPIPE, which ends a process that
// does not expect it. Held back on this thread for as long as the guard lives; the process' own
// setting stays as it is.
#pragma once

#include <csignal>

namespace ballast::k8s {

class SigpipeGuard {
 public:
  SigpipeGuard();
  ~SigpipeGuard();
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  sigset_t before_{};
  bool was_pending_ = false;
};

}  // namespace ballast::k8s

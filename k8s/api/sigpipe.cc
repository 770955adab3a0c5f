#include "k8s/api/sigpipe.h"

#include <pthread.h>

#include <ctime>

namespace ballast::k8s {
namespace {

sigset_t OnlySigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  return set;
}

bool IsPending() {
  sigset_t pending;
  sigemptyset(&pending);
  sigpending(&pending);
  return sigismember(&pending, SIGPIPE) == 1;
}

}  // namespace

SigpipeGuard::SigpipeGuard() {
  const sigset_t set = OnlySigpipe();
  was_pending_ = IsPending();
  pthread_sigmask(SIG_BLOCK, &set, &before_);
}

SigpipeGuard::~SigpipeGuard() {
  // One that came meanwhile is ours, and is taken out before it could be delivered.
  if (!was_pending_ && IsPending()) {
    const sigset_t set = OnlySigpipe();
    const timespec now{};
    sigtimedwait(&set, nullptr, &now);
  }
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace ballast::k8s

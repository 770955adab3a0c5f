#include "webhook/server/serve.h"

#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <memory>
#include <thread>
#include <utility>
#include <variant>

#include "webhook/server/process_usage.h"

namespace ballast::webhook {
namespace {

sigset_t EndSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// The signal that ends the service; certificates are renewed while waiting for it.
int WaitForEnd(Service& service) {
  const sigset_t signals = EndSignals();
  const timespec hour{3600, 0};
  while (true) {
    const int got = sigtimedwait(&signals, nullptr, &hour);
    if (got > 0) return got;
    if (errno == EAGAIN) service.Renew(std::time(nullptr));
  }
}

}  // namespace

std::vector<policy::Error> Serve(ServiceOptions options) {
  const sigset_t signals = EndSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  RaiseFileLimit();
  KeepMemorySmall();
  auto started = Service::Start(std::move(options));
  if (auto* errors = std::get_if<std::vector<policy::Error>>(&started)) return std::move(*errors);
  auto& service = std::get<std::unique_ptr<Service>>(started);
  WaitForEnd(*service);
  // Someone who asks twice means it.
  std::thread([signals] {
    int ignored = 0;
    sigwait(&signals, &ignored);
    _exit(0);
  }).detach();
  service->Drain();
  return {};
}

}  // namespace ballast::webhook

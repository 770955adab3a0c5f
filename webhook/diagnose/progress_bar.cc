#include "webhook/diagnose/progress_bar.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "webhook/text/terminal.h"

namespace ballast::webhook {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kQuietFor = std::chrono::seconds(1);
constexpr auto kBetween = std::chrono::milliseconds(100);
constexpr size_t kWidth = 40;

}  // namespace

ProgressBar::ProgressBar(uint64_t total)
    : shown_(isatty(STDERR_FILENO) != 0), total_(total), next_(Clock::now() + kQuietFor) {}

ProgressBar::~ProgressBar() {
  if (drawn_) std::fputs("\r\x1b[K", stderr);
}

void ProgressBar::Advance(size_t by) {
  if (!shown_) return;
  const std::lock_guard lock(mutex_);
  done_ += by;
  const auto now = Clock::now();
  if (now < next_) return;
  next_ = now + kBetween;
  drawn_ = true;
  const std::string read = HumanMebibytes(static_cast<double>(done_) / (1 << 20));
  if (total_ == 0) {
    std::fprintf(stderr, "\r\x1b[Kreading  %s", read.c_str());
    return;
  }
  const double share = std::min(1.0, static_cast<double>(done_) / static_cast<double>(total_));
  std::fprintf(stderr, "\r\x1b[Kreading  %s  %s of %s", Bar(share, kWidth).c_str(), read.c_str(),
               HumanMebibytes(static_cast<double>(total_) / (1 << 20)).c_str());
}

}  // namespace ballast::webhook

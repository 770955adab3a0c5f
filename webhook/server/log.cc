#include "webhook/server/log.h"

#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace ballast::webhook {
namespace {

constexpr std::array<std::pair<std::string_view, LogLevel>, 5> kLevels = {{
    {"debug", LogLevel::kDebug},
    {"info", LogLevel::kInfo},
    {"warn", LogLevel::kWarn},
    {"error", LogLevel::kError},
    {"off", LogLevel::kOff},
}};

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      break;
  }
  return spdlog::level::off;
}

// Gathers lines in memory, of which it never holds more than a bound. Requests only ever wait for
// other lines to be appended, never for a line to be written: a writer that is put to sleep in the
// middle would hold up all of them.
class BatchSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit BatchSink(int fd) : fd_(fd) {}

  uint64_t dropped() const { return dropped_.load(); }

  // Writes what was gathered, as far as the reader takes it now.
  void WriteOut() {
    const std::scoped_lock lock(write_mutex_);
    do {
      if (written_ == writing_.size()) TakeBatch();
    } while (written_ < writing_.size() && WritePiece());
  }

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override {
    // There may be as much again in the batch that is being written.
    constexpr size_t kMost = size_t{1} << 19;
    if (batch_.size() + message.payload.size() > kMost) {
      dropped_.fetch_add(1);
      return;
    }
    batch_.append(message.payload.data(), message.payload.size());
  }

  void flush_() override {}  // with the lines' lock held, so nothing is written here

 private:
  void TakeBatch() {
    writing_.clear();
    written_ = 0;
    const std::scoped_lock lock(mutex_);
    writing_.swap(batch_);
  }

  // False where the reader takes no more for now.
  bool WritePiece() {
    pollfd ready{fd_, POLLOUT, 0};
    if (poll(&ready, 1, 0) != 1) return false;
    // A pipe that is ready takes this much without waiting.
    const size_t piece = std::min<size_t>(writing_.size() - written_, 4096);
    const ssize_t wrote = write(fd_, writing_.data() + written_, piece);
    if (wrote < 0 && errno == EINTR) return true;
    // Where it failed the reader is gone.
    written_ = wrote <= 0 ? writing_.size() : written_ + static_cast<size_t>(wrote);
    return wrote > 0;
  }

  const int fd_;
  std::string batch_;  // under mutex_, the base's
  std::atomic<uint64_t> dropped_{0};
  std::mutex write_mutex_;
  std::string writing_;  // under write_mutex_, as is how much of it was written
  size_t written_ = 0;
};

}  // namespace

std::optional<LogLevel> ParseLogLevel(std::string_view text) {
  for (const auto& [name, level] : kLevels) {
    if (name == text) return level;
  }
  return std::nullopt;
}

std::string_view Name(LogLevel level) { return kLevels[static_cast<size_t>(level)].first; }

struct Log::State {
  State(int fd, LogLevel level) : sink(std::make_shared<BatchSink>(fd)), logger("ballast", sink) {
    logger.set_level(ToSpdlog(level));
    writer = std::thread([this] { WriteUntilStopped(); });
  }

  void WriteUntilStopped() {
    constexpr std::chrono::milliseconds kBatch{100};
    std::unique_lock lock(mutex);
    while (!stop) {
      wake.wait_for(lock, kBatch);
      lock.unlock();
      sink->WriteOut();
      lock.lock();
    }
  }

  std::shared_ptr<BatchSink> sink;
  spdlog::logger logger;
  std::mutex mutex;
  std::condition_variable wake;
  bool stop = false;
  std::thread writer;
};

Log::Log(int fd, LogLevel level) : state_(std::make_unique<State>(fd, level)) {}

Log::~Log() {
  {
    const std::scoped_lock lock(state_->mutex);
    state_->stop = true;
  }
  state_->wake.notify_all();
  state_->writer.join();
  Flush();
}

bool Log::enabled(LogLevel level) const { return state_->logger.should_log(ToSpdlog(level)); }

void Log::Write(LogLevel level, JsonLine& line) {
  const std::string_view text = line.Finish();
  state_->logger.log(ToSpdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

void Log::Event(LogLevel level, JsonLine& line) {
  Write(level, line);
  Flush();
}

void Log::Flush() { state_->sink->WriteOut(); }

uint64_t Log::dropped() const { return state_->sink->dropped(); }

}  // namespace ballast::webhook

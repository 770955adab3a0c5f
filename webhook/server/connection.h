// One connection's life: handshake, then request after request, then the end. Never waits: Advance
// does what can be done now and says what to wait for, and deadline() until when. So a thousand
// slow clients cost memory, and little of it, but no thread. Used by one thread at a time.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "webhook/server/body_buffer.h"
#include "webhook/server/body_pace.h"
#include "webhook/server/byte_budget.h"
#include "webhook/server/http_framing.h"
#include "webhook/server/http_message.h"
#include "webhook/server/transport.h"

namespace ballast::webhook {

struct ConnectionLimits {
  FramingLimits framing;
  std::chrono::milliseconds handshake{5000};  // from accepting to the end of the handshake
  std::chrono::milliseconds header{5000};     // from a header's first byte to its last
  BodyPaceLimits body;                        // from a header's last byte to its body's
  // An API server keeps idle connections for 90 s; being the one that waits longer means never to
  // close a connection on which a request is just being sent.
  std::chrono::milliseconds idle{120000};
  std::chrono::milliseconds answer{10000};  // from an answer's first byte to its last
  std::chrono::milliseconds linger{2000};   // for a refused client to read why
  // Bytes of requests (heads and bodies) that all connections together may hold.
  int64_t max_bytes_in_flight = int64_t{48} << 20;
  // Of these so many are for bodies of up to small_body bytes alone, so that large ones, however
  // many, never keep an ordinary review out.
  int64_t kept_for_small = int64_t{4} << 20;
  size_t small_body = size_t{64} << 10;
  // Where that is not enough, a request that has been coming for so long is ended for a new one.
  std::chrono::milliseconds patience{1000};
};

// What all connections of a server share.
struct ConnectionShared {
  explicit ConnectionShared(const ConnectionLimits& the_limits)
      : limits(the_limits), in_flight(the_limits.max_bytes_in_flight) {}

  const ConnectionLimits limits;
  HttpHandler handler;
  // Told of every request that is refused before it reaches the handler.
  std::function<void(int status, std::string_view reason, std::string_view peer)> on_refused;
  // Ends a request that has been coming for longer than `patience`, of another connection; false
  // where all of them together hold less than `missing` bytes.
  std::function<bool(int64_t missing, Clock::time_point now)> end_slow_request;
  ByteBudget in_flight;
  bool wants_headers = false;         // the handler looks at HttpRequest::headers
  std::atomic<bool> draining{false};  // every answer says Connection: close
  std::atomic<int64_t> busy{0};       // connections between a first byte and its answer's last
  std::atomic<uint64_t> requests{0};  // complete ones, ever
  std::atomic<uint64_t> handshakes_failed{0};
};

// What to wait for before the next Advance. kYield: nothing, but let others have their turn first.
enum class Want { kRead, kWrite, kYield, kClose };

class Connection {
 public:
  Connection(int fd, SSL* ssl, std::string peer, ConnectionShared& shared, Clock::time_point now);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Want Advance(Clock::time_point now);
  // To be called once deadline() is over, instead of Advance.
  Want OnDeadline(Clock::time_point now);
  // Ends what it is at, so that others have its memory: instead of Advance.
  Want GiveWay(Clock::time_point now);

  int fd() const { return transport_.fd(); }
  Clock::time_point deadline() const { return deadline_; }
  // Between requests: closing it now loses nothing that was begun.
  bool idle() const { return state_ == State::kIdle; }
  // When it began what it is at: being idle, a header, a body, an answer.
  Clock::time_point since() const { return since_; }
  // Bytes that it has of the budget.
  int64_t held() const { return held_; }

 private:
  enum class State { kHandshake, kIdle, kHeader, kBody, kAnswer, kLinger };

  bool busy() const { return state_ != State::kIdle && state_ != State::kLinger; }
  void Enter(State state, Clock::time_point now);
  Want Handshake(Clock::time_point now, bool& again);
  Want ReadHead(Clock::time_point now, bool& again);
  void OnHead(size_t head_size, Clock::time_point now);
  Want ReadBody(Clock::time_point now, bool& again);
  void Respond(Clock::time_point now);
  void Refuse(int status, std::string_view reason, Clock::time_point now);
  Want WriteAnswer(Clock::time_point now, bool& again);
  Want Linger(bool& again);
  bool Account(Clock::time_point now);
  void ReleaseRequest();

  ConnectionShared& shared_;
  Transport transport_;
  const std::string peer_;
  State state_ = State::kHandshake;
  Clock::time_point since_;  // when this state was entered
  Clock::time_point deadline_;

  std::string head_;      // of the request that is read, and what came behind it
  size_t head_size_ = 0;  // once the whole head is there
  size_t head_searched_ = 0;
  Framing framing_;
  Clock::time_point arrival_;
  Clock::time_point request_deadline_;
  BodyBuffer body_;
  BodyPace pace_;     // of the body
  int64_t held_ = 0;  // of the budget

  std::string answer_;
  size_t answered_ = 0;
  bool close_after_ = false;
  size_t discarded_ = 0;
};

}  // namespace ballast::webhook

#include "webhook/server/connection.h"

#include <algorithm>
#include <array>
#include <utility>

#include "webhook/server/http_exchange.h"

namespace ballast::webhook {
namespace {

// The largest TLS record, twice.
constexpr size_t kScratch = size_t{32} << 10;
thread_local std::array<char, kScratch> scratch;

// After so many turns others are served first.
constexpr int kTurns = 64;

// What a finished request may leave allocated on an idle connection.
constexpr size_t kKeep = 2048;

void Shrink(std::string& text) {
  text.clear();
  if (text.capacity() > kKeep) std::string().swap(text);
}

}  // namespace

Connection::Connection(int fd, SSL* ssl, std::string peer, ConnectionShared& shared,
                       Clock::time_point now)
    : shared_(shared), transport_(fd, ssl), peer_(std::move(peer)) {
  shared_.busy.fetch_add(1, std::memory_order_relaxed);
  since_ = now;
  deadline_ = now + shared_.limits.handshake;
}

Connection::~Connection() {
  ReleaseRequest();
  if (busy()) shared_.busy.fetch_sub(1, std::memory_order_relaxed);
}

void Connection::Enter(State state, Clock::time_point now) {
  const bool was_busy = busy();
  state_ = state;
  if (was_busy != busy()) shared_.busy.fetch_add(was_busy ? -1 : 1, std::memory_order_relaxed);
  since_ = now;
  const ConnectionLimits& limits = shared_.limits;
  switch (state) {
    case State::kHandshake:
      deadline_ = now + limits.handshake;
      break;
    case State::kIdle:
      deadline_ = now + limits.idle;
      break;
    case State::kHeader:
      deadline_ = now + limits.header;
      break;
    case State::kBody:
      pace_.Begin(limits.body, now);
      deadline_ = std::min(request_deadline_, pace_.deadline());
      break;
    case State::kAnswer:
      deadline_ = now + limits.answer;
      break;
    case State::kLinger:
      deadline_ = now + limits.linger;
      break;
  }
}

Want Connection::Advance(Clock::time_point now) {
  for (int turn = 0; turn < kTurns; ++turn) {
    bool again = false;
    Want want = Want::kClose;
    switch (state_) {
      case State::kHandshake:
        want = Handshake(now, again);
        break;
      case State::kIdle:
      case State::kHeader:
        want = ReadHead(now, again);
        break;
      case State::kBody:
        want = ReadBody(now, again);
        break;
      case State::kAnswer:
        want = WriteAnswer(now, again);
        break;
      case State::kLinger:
        want = Linger(again);
        break;
    }
    if (!again) return want;
  }
  return Want::kYield;
}

Want Connection::OnDeadline(Clock::time_point now) {
  switch (state_) {
    case State::kHeader:
      Refuse(408, "the request's header took too long", now);
      break;
    case State::kBody:
      if (now >= request_deadline_) {
        Refuse(503, "the request's deadline passed before its body was here", now);
      } else {
        Refuse(408, "the request's body came too slowly", now);
      }
      break;
    case State::kIdle:
      transport_.EndWriting();
      return Want::kClose;
    case State::kHandshake:
      shared_.handshakes_failed.fetch_add(1, std::memory_order_relaxed);
      return Want::kClose;
    default:
      return Want::kClose;
  }
  return Advance(now);
}

Want Connection::GiveWay(Clock::time_point now) {
  // An answer that has begun cannot be taken back.
  if (state_ == State::kAnswer) return Want::kClose;
  Refuse(503, "too slow while too many requests are being read", now);
  return Want::kWrite;
}

Want Connection::Handshake(Clock::time_point now, bool& again) {
  switch (transport_.Handshake().status) {
    case IoStatus::kDone:
      Enter(State::kIdle, now);
      again = true;
      return Want::kRead;
    case IoStatus::kWantRead:
      return Want::kRead;
    case IoStatus::kWantWrite:
      return Want::kWrite;
    case IoStatus::kPlainHttp:
      transport_.WritePlain(RefusalText(400, "this port speaks HTTPS only"));
      transport_.EndWriting();
      break;
    case IoStatus::kEnd:
      break;
  }
  shared_.handshakes_failed.fetch_add(1, std::memory_order_relaxed);
  return Want::kClose;
}

// Counts what this connection holds by now; refuses the request where all together hold too much.
bool Connection::Account(Clock::time_point now) {
  const auto holds = static_cast<int64_t>(head_.size() + body_.held());
  const int64_t more = holds - held_;
  if (more <= 0) return true;
  const ConnectionLimits& limits = shared_.limits;
  const bool large = state_ == State::kBody && framing_.content_length > limits.small_body;
  // Slow ones that hold little do not make room for a large one for ever.
  constexpr int kMostEnded = 100;
  int ended = 0;
  while (!shared_.in_flight.Take(more, large ? limits.kept_for_small : 0)) {
    if (ended++ == kMostEnded || !shared_.end_slow_request ||
        !shared_.end_slow_request(more, now)) {
      Refuse(503, "too many requests are being read", now);
      return false;
    }
  }
  held_ = holds;
  return true;
}

Want Connection::ReadHead(Clock::time_point now, bool& again) {
  const size_t end = FindHeadEnd(head_, head_searched_);
  if (end != std::string::npos) {
    again = true;
    OnHead(end, now);
    return Want::kRead;
  }
  head_searched_ = head_.size();
  if (head_.size() > shared_.limits.framing.max_header_bytes) {
    again = true;
    Refuse(431, "header too large", now);
    return Want::kRead;
  }
  const IoResult got = transport_.Read(scratch.data(), scratch.size());
  if (got.status == IoStatus::kWantRead) return Want::kRead;
  if (got.status == IoStatus::kWantWrite) return Want::kWrite;
  if (got.status != IoStatus::kDone) return Want::kClose;
  again = true;
  if (state_ == State::kIdle) Enter(State::kHeader, now);
  if (head_.empty()) arrival_ = transport_.received();
  head_.append(scratch.data(), got.bytes);
  Account(now);
  return Want::kRead;
}

void Connection::OnHead(size_t head_size, Clock::time_point now) {
  head_size_ = head_size;
  framing_ = ReadFraming(std::string_view(head_).substr(0, head_size), shared_.limits.framing);
  request_deadline_ =
      framing_.timeout.has_value() ? arrival_ + *framing_.timeout : Clock::time_point::max();
  if (framing_.refuse != 0) {
    Refuse(framing_.refuse, framing_.reason, now);
    return;
  }
  const std::string_view behind = std::string_view(head_).substr(head_size);
  const size_t of_body = std::min(behind.size(), framing_.content_length);
  if (of_body > 0) {
    body_.Append(behind.substr(0, of_body), framing_.content_length);
    head_.erase(head_size, of_body);
  }
  Enter(State::kBody, now);
  if (!Account(now)) return;
  if (framing_.expects_continue && body_.size() < framing_.content_length) {
    // A client that asks waits for it; should it not fit the socket now, the client sends anyway
    // after a while.
    static_cast<void>(transport_.Write("HTTP/1.1 100 Continue\r\n\r\n"));
  }
}

Want Connection::ReadBody(Clock::time_point now, bool& again) {
  if (body_.size() == framing_.content_length) {
    again = true;
    Respond(now);
    return Want::kRead;
  }
  const BodyBuffer::Room room = body_.MakeRoom(framing_.content_length);
  if (!Account(now)) {
    again = true;
    return Want::kRead;
  }
  const IoResult got = transport_.Read(room.data, room.size);
  if (got.status == IoStatus::kDone) {
    again = true;
    body_.Added(got.bytes);
    pace_.Added(got.bytes, now);
    return Want::kRead;
  }
  deadline_ = std::min(request_deadline_, pace_.deadline());
  if (got.status == IoStatus::kWantRead) return Want::kRead;
  if (got.status == IoStatus::kWantWrite) return Want::kWrite;
  return Want::kClose;
}

void Connection::Respond(Clock::time_point now) {
  if (now >= request_deadline_) {
    Refuse(503, "overloaded: the request's deadline passed before its turn came", now);
    return;
  }
  shared_.requests.fetch_add(1, std::memory_order_relaxed);
  const ExchangeInput input{std::string_view(head_).substr(0, head_size_),
                            body_.Finish(),
                            peer_,
                            arrival_,
                            request_deadline_,
                            framing_.closes || shared_.draining.load(std::memory_order_relaxed),
                            shared_.wants_headers};
  close_after_ = Exchange(input, shared_.handler, answer_);
  Enter(State::kAnswer, now);
}

void Connection::Refuse(int status, std::string_view reason, Clock::time_point now) {
  if (shared_.on_refused) shared_.on_refused(status, reason, peer_);
  answer_ = RefusalText(status, reason);
  answered_ = 0;
  close_after_ = true;
  // What was read of it is of no use to anyone: others may have the room at once.
  Shrink(head_);
  head_size_ = 0;
  ReleaseRequest();
  Enter(State::kAnswer, now);
}

// Frees the request's body, and counts nothing as held any more: the head is the caller's to erase,
// and what came behind it to count.
void Connection::ReleaseRequest() {
  shared_.in_flight.Give(held_);
  held_ = 0;
  body_.Clear();
}

Want Connection::WriteAnswer(Clock::time_point now, bool& again) {
  while (answered_ < answer_.size()) {
    const IoResult sent = transport_.Write(std::string_view(answer_).substr(answered_));
    if (sent.status == IoStatus::kWantWrite) return Want::kWrite;
    if (sent.status == IoStatus::kWantRead) return Want::kRead;
    if (sent.status != IoStatus::kDone) return Want::kClose;
    answered_ += sent.bytes;
  }
  answered_ = 0;
  Shrink(answer_);
  ReleaseRequest();
  if (close_after_) {
    Shrink(head_);
    transport_.EndWriting();
    Enter(State::kLinger, now);
    again = true;
    return Want::kRead;
  }
  head_.erase(0, head_size_);
  head_size_ = 0;
  head_searched_ = 0;
  if (head_.empty()) {
    Shrink(head_);
    Enter(State::kIdle, now);
    again = transport_.HasBuffered();
  } else {
    // The next request has begun already: its header's time runs, and it counts.
    arrival_ = transport_.received();
    Enter(State::kHeader, now);
    Account(now);
    again = true;
  }
  return Want::kRead;
}

// Reads on for a while: closing a socket to which the client still sends takes the answer with it.
Want Connection::Linger(bool& again) {
  constexpr size_t kMost = size_t{16} << 20;
  const IoResult got = transport_.Discard(scratch.data(), scratch.size());
  discarded_ += got.bytes;
  if (got.status == IoStatus::kWantRead) return Want::kRead;
  again = got.status == IoStatus::kDone && discarded_ < kMost;
  return Want::kClose;
}

}  // namespace ballast::webhook

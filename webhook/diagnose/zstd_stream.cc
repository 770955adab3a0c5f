#include <zstd.h>
#include <zstd_errors.h>

#include <memory>

#include "webhook/diagnose/codecs.h"

namespace ballast::webhook {
namespace {

constexpr size_t kInput = 128 << 10;
// Windows that memory is taken for, as logarithms, one after the other: Spark's own are of 512 KiB,
// zstd's of 8 MiB at most where nobody asks for more.
constexpr int kFirstWindow = 19;
constexpr int kWindowStep = 2;
constexpr int kMostWindow = 27;

class Decompression {
 public:
  explicit Decompression(Packed packed) : packed_(std::move(packed)) {}

  ReadOutcome Pull(std::span<char> into);

 private:
  ReadOutcome End(ReadOutcome with) {
    ended_ = true;
    end_ = std::move(with);
    return end_;
  }
  size_t Decompress(ZSTD_outBuffer& out, ZSTD_inBuffer& in);
  bool Widen();

  Packed packed_;
  std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context_{ZSTD_createDCtx(), ZSTD_freeDCtx};
  int window_ = 0;  // logarithm of the largest that there is memory for
  bool in_frame_ = false;
  bool ended_ = false;
  ReadOutcome end_;
};

// Makes room for the next larger windows, at the beginning of a frame.
bool Decompression::Widen() {
  const int next = window_ == 0 ? kFirstWindow : window_ + kWindowStep;
  const size_t had = window_ == 0 ? 0 : size_t{1} << window_;
  if (next > kMostWindow || !packed_.memory->Take((size_t{1} << next) - had)) return false;
  window_ = next;
  ZSTD_DCtx_reset(context_.get(), ZSTD_reset_session_only);
  ZSTD_DCtx_setParameter(context_.get(), ZSTD_d_windowLogMax, window_);
  return true;
}

// A frame says at its beginning how large a window it needs, and is then begun anew.
size_t Decompression::Decompress(ZSTD_outBuffer& out, ZSTD_inBuffer& in) {
  while (true) {
    const size_t left = ZSTD_decompressStream(context_.get(), &out, &in);
    if (in_frame_ || ZSTD_getErrorCode(left) != ZSTD_error_frameParameter_windowTooLarge ||
        !Widen()) {
      return left;
    }
    in.pos = 0;
  }
}

ReadOutcome Decompression::Pull(std::span<char> into) {
  if (ended_) return end_;
  if (window_ == 0 && !Widen()) return End({.damage = "zstd: there is no memory for a frame"});
  ByteReader& from = *packed_.from;
  ZSTD_outBuffer out = {into.data(), into.size(), 0};
  while (out.pos == 0) {
    const std::string_view next = from.Peek(kInput);
    const bool no_more = next.empty();
    if (no_more && !in_frame_) return End(from.end());
    ZSTD_inBuffer in = {next.data(), next.size(), 0};
    const size_t left = Decompress(out, in);
    if (ZSTD_isError(left) != 0) {
      return End({.damage = std::string("zstd: ") + ZSTD_getErrorName(left)});
    }
    from.Skip(in.pos);
    in_frame_ = left != 0;
    // What was held back came out already: the frame has no end.
    if (no_more && out.pos == 0 && in_frame_) {
      if (!from.end().damage.empty()) return End(from.end());
      return End({.damage = "the zstd frame ends in its middle", .cut = true});
    }
  }
  return {.bytes = out.pos};
}

}  // namespace

ReadBytes ZstdStream(Packed packed) {
  auto stream = std::make_shared<Decompression>(std::move(packed));
  return [stream](std::span<char> into) { return stream->Pull(into); };
}

}  // namespace ballast::webhook

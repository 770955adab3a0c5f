#include <zstd.h>

#include <memory>

#include "webhook/diagnose/codecs.h"

namespace ballast::webhook {
namespace {

struct State {
  std::shared_ptr<ByteReader> from;
  std::unique_ptr<ZSTD_DCtx, size_t (*)(ZSTD_DCtx*)> context{ZSTD_createDCtx(), ZSTD_freeDCtx};
  bool in_frame = false;
  bool ended = false;
  ReadOutcome end;

  ReadOutcome End(ReadOutcome with) {
    ended = true;
    end = std::move(with);
    return end;
  }
};

constexpr size_t kInput = 128 << 10;

ReadOutcome Pull(State& state, std::span<char> into) {
  if (state.ended) return state.end;
  ZSTD_outBuffer out = {into.data(), into.size(), 0};
  while (out.pos == 0) {
    const std::string_view next = state.from->Peek(kInput);
    const bool no_more = next.empty();
    if (no_more && !state.in_frame) return state.End(state.from->end());
    ZSTD_inBuffer in = {next.data(), next.size(), 0};
    const size_t left = ZSTD_decompressStream(state.context.get(), &out, &in);
    if (ZSTD_isError(left) != 0) {
      return state.End({.damage = std::string("zstd: ") + ZSTD_getErrorName(left)});
    }
    state.from->Skip(in.pos);
    state.in_frame = left != 0;
    // What was held back came out already: the frame has no end.
    if (no_more && out.pos == 0 && state.in_frame) {
      if (!state.from->end().damage.empty()) return state.End(state.from->end());
      return state.End({.damage = "the zstd frame ends in its middle", .cut = true});
    }
  }
  return {.bytes = out.pos};
}

}  // namespace

ReadBytes ZstdStream(std::shared_ptr<ByteReader> from) {
  auto state = std::make_shared<State>();
  state->from = std::move(from);
  return [state](std::span<char> into) { return Pull(*state, into); };
}

}  // namespace ballast::webhook

// Memory and cpu as types. Arithmetic saturates at the ends of int64, so that no sum of what a
// client sends can wrap into something small.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>

namespace ballast::policy {

// a + b, a - b, a * b, held at the ends of int64 instead of wrapping.
constexpr int64_t SaturatingAdd(int64_t a, int64_t b) {
  int64_t sum = 0;
  if (!__builtin_add_overflow(a, b, &sum)) return sum;
  return b > 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
}
constexpr int64_t SaturatingSubtract(int64_t a, int64_t b) {
  int64_t difference = 0;
  if (!__builtin_sub_overflow(a, b, &difference)) return difference;
  return b < 0 ? std::numeric_limits<int64_t>::max() : std::numeric_limits<int64_t>::min();
}
constexpr int64_t SaturatingMultiply(int64_t a, int64_t b) {
  int64_t product = 0;
  if (!__builtin_mul_overflow(a, b, &product)) return product;
  return (a > 0) == (b > 0) ? std::numeric_limits<int64_t>::max()
                            : std::numeric_limits<int64_t>::min();
}

// ceil(a / c) without overflow; c > 0.
constexpr int64_t DivideCeil(int64_t a, int64_t c) { return a / c + (a > 0 && a % c != 0 ? 1 : 0); }

__extension__ using Int128 = __int128;

// ceil(a * b / c) without overflow in between, held at the end of int64; c > 0, a and b >= 0.
constexpr int64_t MultiplyDivideCeil(int64_t a, int64_t b, int64_t c) {
  const Int128 exact = (static_cast<Int128>(a) * b + (c - 1)) / c;
  constexpr Int128 kMax = std::numeric_limits<int64_t>::max();
  return static_cast<int64_t>(exact > kMax ? kMax : exact);
}

// An amount of memory in bytes. May be negative as a difference.
class ByteSize {
 public:
  constexpr ByteSize() = default;
  static constexpr ByteSize OfBytes(int64_t bytes) { return ByteSize(bytes); }

  constexpr int64_t bytes() const { return bytes_; }
  // Whole MiB, rounded down (up).
  constexpr int64_t mebibytes() const { return bytes_ / (1 << 20); }
  constexpr int64_t mebibytes_ceil() const { return DivideCeil(bytes_, 1 << 20); }

  constexpr auto operator<=>(const ByteSize&) const = default;
  constexpr ByteSize operator+(ByteSize o) const {
    return ByteSize(SaturatingAdd(bytes_, o.bytes_));
  }
  constexpr ByteSize operator-(ByteSize o) const {
    return ByteSize(SaturatingSubtract(bytes_, o.bytes_));
  }
  constexpr ByteSize operator*(int64_t n) const { return ByteSize(SaturatingMultiply(bytes_, n)); }
  constexpr ByteSize& operator+=(ByteSize o) { return *this = *this + o; }
  constexpr ByteSize& operator-=(ByteSize o) { return *this = *this - o; }

 private:
  explicit constexpr ByteSize(int64_t bytes) : bytes_(bytes) {}
  int64_t bytes_ = 0;
};

constexpr ByteSize Bytes(int64_t n) { return ByteSize::OfBytes(n); }
constexpr ByteSize Mebibytes(int64_t n) { return Bytes(SaturatingMultiply(n, 1 << 20)); }
constexpr ByteSize Gibibytes(int64_t n) { return Bytes(SaturatingMultiply(n, 1 << 30)); }

// An amount of cpu in thousandths of a core.
class MilliCpu {
 public:
  constexpr MilliCpu() = default;
  static constexpr MilliCpu OfMillis(int64_t millis) { return MilliCpu(millis); }

  constexpr int64_t millis() const { return millis_; }
  // Whole cores, rounded up.
  constexpr int64_t cores_ceil() const { return DivideCeil(millis_, 1000); }

  constexpr auto operator<=>(const MilliCpu&) const = default;
  constexpr MilliCpu operator+(MilliCpu o) const {
    return MilliCpu(SaturatingAdd(millis_, o.millis_));
  }
  constexpr MilliCpu operator-(MilliCpu o) const {
    return MilliCpu(SaturatingSubtract(millis_, o.millis_));
  }
  constexpr MilliCpu operator*(int64_t n) const { return MilliCpu(SaturatingMultiply(millis_, n)); }
  constexpr MilliCpu& operator+=(MilliCpu o) { return *this = *this + o; }
  constexpr MilliCpu& operator-=(MilliCpu o) { return *this = *this - o; }

 private:
  explicit constexpr MilliCpu(int64_t millis) : millis_(millis) {}
  int64_t millis_ = 0;
};

constexpr MilliCpu Millis(int64_t n) { return MilliCpu::OfMillis(n); }
constexpr MilliCpu Cores(int64_t n) { return Millis(SaturatingMultiply(n, 1000)); }

}  // namespace ballast::policy

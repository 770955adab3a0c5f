#include "k8s/api/base64.h"

#include <openssl/evp.h>

#include <limits>

namespace ballast::k8s {
namespace {

constexpr size_t kLargest = static_cast<size_t>(std::numeric_limits<int>::max() / 2);

}  // namespace

std::optional<std::string> DecodeBase64(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n') plain += c;
  }
  if (plain.size() % 4 != 0 || plain.size() > kLargest) return std::nullopt;
  if (plain.empty()) return "";
  size_t padding = 0;
  while (padding < 2 && plain[plain.size() - 1 - padding] == '=') ++padding;
  if (plain.find('=') < plain.size() - padding) return std::nullopt;
  std::string bytes(plain.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(plain.data()),
                                   static_cast<int>(plain.size()));
  if (size < 0) return std::nullopt;
  bytes.resize(static_cast<size_t>(size) - padding);
  return bytes;
}

std::string EncodeBase64(std::string_view bytes) {
  if (bytes.size() > kLargest) return "";
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                   reinterpret_cast<const unsigned char*>(bytes.data()),
                                   static_cast<int>(bytes.size()));
  text.resize(static_cast<size_t>(size));
  return text;
}

}  // namespace ballast::k8s

#include "certs/openssl_ptr.h"

#include <openssl/err.h>

#include <array>
#include <limits>

namespace ballast::certs {

std::string TakeOpenSslError() {
  const unsigned long code = ERR_get_error();
  ERR_clear_error();
  if (code == 0) return "no reason given";
  const char* reason = ERR_reason_error_string(code);
  if (reason != nullptr) return reason;
  std::array<char, 256> text{};
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

BioPtr ReadFrom(std::string_view text) {
  // No certificate is that long; a length of zero makes the reader say that there is none.
  const bool sane = text.size() <= static_cast<size_t>(std::numeric_limits<int>::max());
  return BioPtr(BIO_new_mem_buf(text.data(), sane ? static_cast<int>(text.size()) : 0));
}

std::string TextOf(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return size > 0 ? std::string(data, static_cast<size_t>(size)) : std::string();
}

}  // namespace ballast::certs

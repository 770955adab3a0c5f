// The bytes of one connection, with TLS or without. Nothing here ever waits. Used by one thread at
// a time.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <string_view>

#include "certs/openssl_ptr.h"
#include "webhook/server/http_message.h"

namespace ballast::webhook {

enum class IoStatus {
  kDone,       // `bytes` were read or written; the handshake is complete
  kWantRead,   // again when the socket is readable
  kWantWrite,  // again when it is writable
  kEnd,        // the other side has ended the connection, or it broke
  kPlainHttp,  // handshake: the client speaks HTTP without TLS
};

struct IoResult {
  IoStatus status = IoStatus::kEnd;
  size_t bytes = 0;
};

// The socket itself; shared by address with OpenSSL's BIO.
struct Socket {
  int fd = -1;
  Clock::time_point received;  // when the kernel got the bytes that were read last
};

class Transport {
 public:
  // Takes the non-blocking socket over and closes it in the end. `ssl` null: without TLS.
  Transport(int fd, SSL* ssl);
  ~Transport();
  Transport(const Transport&) = delete;
  Transport& operator=(const Transport&) = delete;

  int fd() const { return socket_->fd; }
  bool is_tls() const { return ssl_ != nullptr; }

  IoResult Handshake();
  IoResult Read(char* data, size_t size);
  IoResult Write(std::string_view data);
  // Whether a Read can give something although the socket has nothing.
  bool HasBuffered() const;
  // Says that nothing more will be written; what is still on its way is delivered.
  void EndWriting();
  // Throws away what the other side still sends; without decrypting it.
  IoResult Discard(char* scratch, size_t size);
  // Writes around TLS, for who does not speak it.
  void WritePlain(std::string_view data);

  // When the kernel received what was read last: the time that a request waited to be read counts
  // against its deadline, whatever kept this process from running.
  Clock::time_point received() const { return socket_->received; }

 private:
  IoResult Failed(int returned);

  std::unique_ptr<Socket> socket_;
  certs::SslPtr ssl_;
};

// Makes every socket accepted from this one tell when its bytes came.
void EnableArrivalTimes(int listening_fd);

}  // namespace ballast::webhook

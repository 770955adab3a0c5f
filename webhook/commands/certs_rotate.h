// `ballast certs rotate`, a part of `ballast certs`.
#pragma once

#include "webhook/commands/command_line.h"

namespace ballast::webhook {

void AddCertsRotate(Command certs, ExitStatus& status);

}  // namespace ballast::webhook

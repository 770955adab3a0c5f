#include "webhook/commands/command_line.h"

int main(int argc, char** argv) { return ballast::webhook::RunCommandLine(argc, argv); }

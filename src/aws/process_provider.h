// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <utility>

#include "aws/credentials_provider.h"
#include "aws/program_output.h"

namespace kvsarchive::aws {

/// What the program of a profile's credential_process prints. It is run anew each time, without a
/// shell; its command line is split as a shell would. Source:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
class ProcessProvider : public CredentialsProvider {
 public:
  /// An empty command is none.
  explicit ProcessProvider(std::string command, ProgramLimits limits = {})
      : command_(std::move(command)), limits_(limits) {}

  const char* name() const override { return "credential_process"; }

  /// Errors: kAbsent when there is no command; kSettings when it can't be run; kNotAuthorized when
  /// it fails; kOpenRead when it takes more than a minute; kDecode when what it prints has more
  /// than 64 KiB or is not as it must be.
  Result<Credentials> credentials(const CancelToken& cancel) override;

 private:
  const std::string command_;
  const ProgramLimits limits_;
};

}  // namespace kvsarchive::aws

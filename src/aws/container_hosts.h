// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

struct sockaddr;

namespace kvsarchive::aws {

/// Whether credentials may be asked for at this address without encryption: the machine itself
/// (127.0.0.0/8, ::1), and the hosts of ECS (169.254.170.2) and EKS (169.254.170.23,
/// fd00:ec2::23). Source:
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
bool isContainerHost(const sockaddr& address);

}  // namespace kvsarchive::aws

import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import { uuidToWire } from './uuid.ts';

/** Tells clients that look for a cluster that it consists of this one server, its leader. */
export function clusterOfOne(instanceId: string, dialledHost: string, port: number): gossipPb.ClusterInfo {
  const member = new gossipPb.MemberInfo()
    .setInstanceId(uuidToWire(instanceId, 'string'))
    .setTimeStamp(`${Date.now()}0000`)
    .setState(gossipPb.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(new gossipPb.EndPoint().setAddress(dialledHost).setPort(port));
  return new gossipPb.ClusterInfo().setMembersList([member]);
}

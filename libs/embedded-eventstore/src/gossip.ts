import gossipPb from '@eventstore/db-client/generated/gossip_pb.js';
import { uuidToWire } from './uuid.ts';

/** Says to clients that look for a cluster that this one server is all of it, and its leader. */
export function clusterOfOne(instanceId: string, dialledHost: string, port: number): gossipPb.ClusterInfo {
  const member = new gossipPb.MemberInfo()
    .setInstanceId(uuidToWire(instanceId, 'string'))
    .setTimeStamp(`${Date.now()}0000`)
    .setState(gossipPb.MemberInfo.VNodeState.LEADER)
    .setIsAlive(true)
    .setHttpEndPoint(new gossipPb.EndPoint().setAddress(dialledHost).setPort(port));
  return new gossipPb.ClusterInfo().setMembersList([member]);
}

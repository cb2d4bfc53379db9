// Drives the code of @rafaysystems/backstage-plugin-rafay-backend, as published, against the mock: each action of the
// plug-in as Backstage's scaffolder runs it. A flow asserts what the plug-in gave back and what the controller has.
//
//   node backstage.cjs PLUG_INS_MAIN_FILE URL KEY
'use strict';
const assert = require('node:assert/strict');
const Module = require('node:module');

const [main, baseUrl, key] = process.argv.slice(2);

// Backstage itself is the host, not the client under test, and is hundreds of packages. What the plug-in asks of it:
// one function that hands an action on as it is, and a router for the host's own health, which is not used here.
const HOST = {
  '@backstage/plugin-scaffolder-node': { createTemplateAction: (action) => action },
  '@backstage/backend-common': {},
  express: {},
  'express-promise-router': {},
};
const load = Module._load;
Module._load = (name, ...rest) => (Object.hasOwn(HOST, name) ? HOST[name] : load(name, ...rest));

// Backstage's proxy adds the key to every request; here axios, the plug-in's own HTTP client, does.
const axios = Module.createRequire(main)('axios');
axios.defaults.headers.common['X-RAFAY-API-KEYID'] = key;
const plugin = require(main);

const get = async (at) => (await axios.get(baseUrl + at)).data;

/** Runs an action as the scaffolder does; gives what it put out. */
async function run(action, input) {
  const out = {};
  await plugin[action]({ baseUrl }).handler({ input, output: (name, value) => (out[name] = value) });
  return out;
}

/** The first object of a list of v3 in the default project. */
async function some(group, kinds) {
  const list = await get(`/apis/${group}/projects/defaultproject/${kinds}`);
  assert.ok(list.items.length > 0, `there are ${kinds} to use`);
  return list.items[0].metadata.name;
}

async function edge(project, name) {
  const found = await get(`/edge/v1/projects/${project}/edges/?q=${name}`);
  assert.equal(found.results.length, 1, `one cluster is named ${name}`);
  return get(`/edge/v1/projects/${project}/edges/${found.results[0].id}/`);
}

/** A cluster is there, of its type, under the id that the plug-in put out, and being provisioned. */
async function provisioned(project, name, type, clusterId) {
  const is = await edge(project, name);
  assert.equal(is.cluster_type, type);
  if (clusterId !== undefined) assert.equal(is.id, clusterId);
  assert.ok(is.provision.status, 'provisioning has begun');
  return is;
}

const FLOWS = {
  async 'create an EKS cluster'(project) {
    const { clusterId } = await run('createNewEKSClusterAction', {
      name: 'backstage-eks', project, cloudProviderId: '', nodes: 3, blueprint: 'minimal',
    });
    const is = await provisioned(project, 'backstage-eks', 'aws-eks', clusterId);
    assert.equal(is.cluster_blueprint, 'minimal');
  },
  async 'create an AKS cluster'(project) {
    const { clusterId } = await run('createNewAKSClusterAction', {
      name: 'backstage-aks', project, cloudProviderId: '', region: 'azure/centralindia',
    });
    await provisioned(project, 'backstage-aks', 'azure-aks', clusterId);
  },
  async 'create a GKE cluster'(project) {
    const { clusterId } = await run('createNewGKEClusterAction', { name: 'backstage-gke', project, cloudProviderId: '' });
    assert.equal((await edge(project, 'backstage-gke')).id, clusterId);
    const is = await get(`/v2/infra/project/${project}/cluster/backstage-gke`);
    assert.equal(is.metadata.name, 'backstage-gke');
  },
  async 'create a cluster from a template'(project) {
    const clusterTemplate = await some('infra.k8smgmt.io/v3', 'clustertemplates');
    const action = 'createNewClusterFromTemplateAction';
    await run(action, { name: 'backstage-template', project, clusterTemplate, clusterTemplateVersion: 'v1' });
    await provisioned(project, 'backstage-template', 'aws-eks');
  },
  async 'create a namespace and publish it'(project) {
    await run('createNewNamespaceAction', { name: 'backstage-space', project, clusters: ['backstage-eks'] });
    const is = await get('/apis/infra.k8smgmt.io/v3/projects/defaultproject/namespaces/backstage-space');
    assert.deepEqual(is.spec.placement.labels, [{ key: 'rafay.dev/clusterName', value: 'backstage-eks' }]);
  },
  async 'create a workload and publish it'(project) {
    const repoName = await some('integrations.k8smgmt.io/v3', 'repositories');
    await run('createNewWorkloadAction', {
      name: 'backstage-app', project, clusters: ['backstage-eks'], namespace: 'backstage-space',
      repoName, repoBranch: 'main', YamlPath: 'app/all.yaml',
    });
    const is = await get('/apis/apps.k8smgmt.io/v3/projects/defaultproject/workloads/backstage-app');
    assert.equal(is.spec.namespace, 'backstage-space');
    assert.equal(is.spec.artifact.artifact.repository, repoName);
  },
  async 'create an environment and publish it'() {
    await environment('backstage-env', 'createNewEnvironmentAction', {
      inputVariables: [{ name: 'region', value: 'us-west-2', valueType: 'text' }],
    });
  },
  async 'create an Argo CD environment'() {
    await environment('backstage-argocd', 'createNewArgocdEnvironmentAction', {
      git_repository: 'https://git.example.com/apps', git_repository_revision: 'main',
      git_username: 'reader', git_password: 'none', namespace: 'argocd',
    });
  },
  async 'a name that is taken is told to the user'(project) {
    const again = { name: 'backstage-eks', project, cloudProviderId: '' };
    await assert.rejects(run('createNewEKSClusterAction', again), /Unable to create cluster/);
  },
};

/** Environments name their project, as everything under /apis does. */
async function environment(name, action, input) {
  const template = await some('eaas.envmgmt.io/v1', 'environmenttemplates');
  await run(action, { name, project: 'defaultproject', template, templateVersion: 'v1', ...input });
  const is = await get(`/apis/eaas.envmgmt.io/v1/projects/defaultproject/environments/${name}`);
  assert.equal(is.spec.template.name, template);
  assert.ok(is.spec.variables.length > 0, 'the variables are kept');
}

(async () => {
  const projects = await get('/auth/v1/projects/?name=defaultproject');
  const project = projects.results[0].id;
  for (const [name, flow] of Object.entries(FLOWS)) {
    try {
      await flow(project);
      console.log(`backstage plug-in: ${name}: passed`);
    } catch (error) {
      process.exitCode = 1;
      const answer = error.response ? ` (${error.response.status} ${JSON.stringify(error.response.data)})` : '';
      console.log(`backstage plug-in: ${name}: FAILED: ${error.message}${answer}`);
    }
  }
})().catch((error) => {
  process.exitCode = 1;
  console.log(`backstage plug-in: FAILED: ${error.message}`);
});
